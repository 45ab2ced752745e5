/** Chromium as an agent's browser: no screen, a microphone that beeps, nothing fetched from outside. */
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext } from 'playwright-core';

export const CHROMIUM_PATH = '/usr/bin/chromium';

export const launchDeskBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-background-networking',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });

export interface DeskView {
  readonly locale: 'en-GB' | 'zh-CN';
  readonly width: number;
  readonly height: number;
}

export const openContext = (browser: Browser, view: DeskView): Promise<BrowserContext> =>
  browser.newContext({
    locale: view.locale,
    viewport: { width: view.width, height: view.height },
    permissions: ['microphone'],
  });
