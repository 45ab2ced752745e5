/** What an agent sees the desk through: a language and a window's size. */
import type { Browser, BrowserContext } from 'playwright-core';

export interface DeskView {
  readonly locale: 'en-GB' | 'zh-CN';
  readonly width: number;
  readonly height: number;
}

/** A browser profile of its own: cookies, storage, language, and the permission for the microphone. */
export const openContext = (browser: Browser, view: DeskView): Promise<BrowserContext> =>
  browser.newContext({
    locale: view.locale,
    viewport: { width: view.width, height: view.height },
    permissions: ['microphone'],
  });
