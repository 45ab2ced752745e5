/** What an agent sees the desk through: a language and a window's size. */
import type { Browser, BrowserContext } from 'playwright-core';

/**
 * Drop-downs stand at once where they will stay: Playwright looks only before it presses whether the place is right, and a
 * list that is still growing can be elsewhere when it lets go, a moment later on a busy machine.
 */
export const STILL = { reducedMotion: 'reduce' } as const;

export interface DeskView {
  readonly locale: 'en-GB' | 'zh-CN';
  readonly width: number;
  readonly height: number;
  /** Whether things move. Default false. */
  readonly motion?: boolean;
}

/** A browser profile of its own: cookies, storage, language, and the permission for the microphone. */
export const openContext = (browser: Browser, view: DeskView): Promise<BrowserContext> =>
  browser.newContext({
    locale: view.locale,
    viewport: { width: view.width, height: view.height },
    permissions: ['microphone'],
    ...(!view.motion && STILL),
  });
