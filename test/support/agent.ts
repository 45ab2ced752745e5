/** An agent at a real browser: signs in, answers, and hears what the page plays. */
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { heardBy, installEars, launchChromium } from './chromium';
import type { ChromiumUnderTest } from './chromium';
import { STILL } from './desk-browser';
import { PASSWORD } from './product';
import type { Product } from './product';
import { hearsTone } from './spectrum';
import { until } from './wait';

/** Every remote stream of the page's telephone goes to the ear named `agent`. */
const HEAR_EVERY_CALL = `
  (() => {
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(...args) {
        super(...args);
        this.addEventListener('track', ({ track }) => window.ears.listen('agent', new MediaStream([track])));
      }
    };
  })();
`;

export class Agent {
  readonly consoleErrors: string[] = [];

  private constructor(
    private readonly chromium: ChromiumUnderTest,
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => this.consoleErrors.push(String(error)));
  }

  /** Opens the desktop and signs in. `toneHz` is what the agent's microphone picks up. */
  static async signIn(
    product: Product,
    userName: string,
    ...[toneHz = 1000, locale = 'en-US']: [toneHz?: number, locale?: string]
  ): Promise<Agent> {
    const chromium = await launchChromium({ microphoneToneHz: toneHz, lifetimeMs: 600_000 });
    // The ears need an audio worklet from a blob, which the desktop's own policy rightly forbids.
    const context = await chromium.browser.newContext({
      permissions: ['microphone'],
      bypassCSP: true,
      ...STILL,
      locale,
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    await installEars(page);
    await page.addInitScript(HEAR_EVERY_CALL);
    const agent = new Agent(chromium, context, page);
    await page.goto(product.url);
    await agent.at('username').fill(userName);
    await agent.at('password').fill(PASSWORD);
    await agent.at('sign-in').click();
    await agent.at('agent-state').waitFor();
    return agent;
  }

  at(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** An agent who signs in again within the grace of a lost browser is still ready. */
  async goReady(): Promise<void> {
    if ((await this.state()) === 'ready') return;
    await this.at('go-ready').click();
    await this.untilState('ready');
  }

  untilState(state: string): Promise<unknown> {
    return until(`the agent to be ${state}`, async () => (await this.state()) === state, 30_000);
  }

  untilCall(state: string, timeoutMs = 30_000): Promise<unknown> {
    return until(
      `the agent's call to be ${state}`,
      async () => (await this.at('call-status').getAttribute('data-state')) === state,
      timeoutMs,
    );
  }

  async answer(): Promise<void> {
    await this.at('call-answer').click();
    await this.untilCall('connected');
  }

  /** Dials as soon as there is no call. */
  async dial(number: string): Promise<void> {
    await this.untilCall('idle');
    await this.at('dial-number').fill(number);
    await this.at('dial-call').click();
  }

  /** Ends the wrap-up; afterwards the agent is in this state. */
  async finishWrapUp(state = 'ready'): Promise<void> {
    await this.untilCall('wrap-up');
    await this.at('wrap-up-done').click();
    await this.untilCall('idle');
    await this.untilState(state);
  }

  /** What the page has played during the last `lastMs`, at 8 kHz. */
  heard(lastMs: number): Promise<Float64Array> {
    return heardBy(this.page, 'agent', lastMs);
  }

  untilHears(frequencyHz: number, timeoutMs = 20_000): Promise<unknown> {
    const what = `the agent to hear ${frequencyHz} Hz`;
    return until(what, async () => hearsTone(await this.heard(400), frequencyHz), timeoutMs);
  }

  private async state(): Promise<string> {
    return (await this.at('agent-state').getAttribute('data-state')) ?? '';
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => undefined);
    await this.chromium.close();
  }
}
