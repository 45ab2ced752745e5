/** The desk in a real browser, each in front of a server of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { launchChromium } from '../chromium';
import type { ChromiumUnderTest } from '../chromium';
import { openContext } from '../desk-browser';
import type { DeskView } from '../desk-browser';
import { DeskCaller } from '../desk-caller';
import { DeskServer, PASSWORD } from '../desk-server';
import { eventually } from '../eventually';

export const ENGLISH: DeskView = { locale: 'en-GB', width: 1024, height: 768 };
export const CHINESE: DeskView = { locale: 'zh-CN', width: 1024, height: 768 };

/** For `beforeAll`: the desk is built first, which takes its time on a busy machine. */
export const START_TIMEOUT_MS = 240_000;
/** Longer than all tests of a file take on a busy machine. */
const BROWSER_LIFETIME_MS = 1_800_000;

export interface Desk {
  readonly server: DeskServer;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly caller: DeskCaller;
  /** What the page complained about. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export class DeskBench {
  private readonly open: Desk[] = [];

  private constructor(
    private readonly web: string,
    private readonly chromium: ChromiumUnderTest,
  ) {}

  /** Builds the desk and starts the browser. */
  static async start(): Promise<DeskBench> {
    const web = await mkdtemp(join(tmpdir(), 'switchroom-web-'));
    const vite = join('node_modules', 'vite', 'bin', 'vite.js');
    const build = ['build', 'agent-web', '--outDir', web, '--emptyOutDir', '--logLevel', 'error'];
    // As it is shipped: Jest's own NODE_ENV would make it React's development build.
    const env = { ...process.env, NODE_ENV: 'production' };
    await promisify(execFile)(process.execPath, [vite, ...build], { env });
    return new DeskBench(web, await launchChromium({ microphoneToneHz: 440, lifetimeMs: BROWSER_LIFETIME_MS }));
  }

  async openDesk(view: DeskView = ENGLISH): Promise<Desk> {
    const server = await DeskServer.start(this.web);
    const context = await openContext(this.chromium.browser, view);
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const otherPage = await context.newPage();
    await otherPage.goto(`${server.url}/favicon.svg`);
    await page.goto(server.url);
    await page.bringToFront();
    await at(page, 'username').waitFor();
    const close = async (): Promise<void> => {
      await context.close();
      await server.close();
    };
    const desk = { server, context, page, complaints, close, caller: new DeskCaller(otherPage, server) };
    this.open.push(desk);
    return desk;
  }

  async closeDesks(): Promise<void> {
    for (const desk of this.open.splice(0)) await desk.close();
  }

  async close(): Promise<void> {
    await this.chromium.close();
    await rm(this.web, { recursive: true, force: true });
  }
}

export const at = (page: Page, testId: string): Locator => page.getByTestId(testId);

export const inState = (page: Page, testId: string, state: string): Promise<void> =>
  page.locator(`[data-testid=${testId}][data-state=${state}]`).waitFor({ timeout: 30_000 });

export const signIn = async ({ page }: Desk, userName = 'agent1'): Promise<void> => {
  await at(page, 'username').fill(userName);
  await at(page, 'password').fill(PASSWORD);
  await at(page, 'sign-in').click();
  await at(page, 'history-row').first().waitFor();
};

export const goReady = async (desk: Desk): Promise<void> => {
  await signIn(desk);
  await at(desk.page, 'go-ready').click();
  await inState(desk.page, 'agent-state', 'ready');
  await eventually(() => expect(desk.server.sip.registered).toBe(true));
};

/** Nothing is wider than the window, and nothing of the call's panel is cut off. */
export const expectTidy = async ({ page }: Desk): Promise<void> => {
  const overflow = await page.evaluate(() => {
    const whole =
      '.call-line, .consult-bar, .consult-who, .call-left, .call-right, .header, .agent-state, .state-pill, .dial, .ant-segmented-item-label, .audio';
    const cut = [...document.querySelectorAll(whole)].filter(
      (element) => element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1,
    );
    const { scrollWidth, scrollHeight } = document.documentElement;
    return {
      wide: scrollWidth > innerWidth,
      high: scrollHeight > innerHeight,
      cut: cut.map((element) => element.className),
    };
  });
  expect(overflow).toEqual({ wide: false, high: false, cut: [] });
};
