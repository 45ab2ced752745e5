/** An agent at a real browser whose every moment of a call is timed in the page. */
import type { Locator, Page } from 'playwright-core';
import { launchChromium } from '../../support/chromium';
import type { ChromiumUnderTest } from '../../support/chromium';
import { STILL } from '../../support/desk-browser';
import { PASSWORD } from '../../support/product';
import type { Product } from '../../support/product';
import { until } from '../../support/wait';
import { AGENT_PROBE } from './agent-probe';
import type { AgentMarks } from './agent-probe';

const STATE_TIMEOUT_MS = 15_000;

export interface MeasuredAgentOptions {
  readonly userName: string;
  /** What the microphone picks up. */
  readonly toneHz: number;
  /** The browser is closed after so long, whatever happens. */
  readonly lifetimeMs: number;
  /** Runs in the page before everything else, beside the probe of each call's times. */
  readonly script?: string;
}

export class MeasuredAgent {
  private constructor(
    private readonly chromium: ChromiumUnderTest,
    readonly page: Page,
  ) {}

  /** Opens the desktop, signs in and becomes ready. */
  static async open(product: Product, options: MeasuredAgentOptions): Promise<MeasuredAgent> {
    const { userName, toneHz, lifetimeMs } = options;
    const chromium = await launchChromium({ microphoneToneHz: toneHz, lifetimeMs });
    // The probe's audio worklet comes from a blob, which the desktop's own policy rightly forbids.
    const context = await chromium.browser.newContext({
      permissions: ['microphone'],
      bypassCSP: true,
      ...STILL,
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    await page.addInitScript(AGENT_PROBE);
    if (options.script !== undefined) await page.addInitScript(options.script);
    const agent = new MeasuredAgent(chromium, page);
    await page.goto(product.url);
    await agent.at('username').fill(userName);
    await agent.at('password').fill(PASSWORD);
    await agent.at('sign-in').click();
    await agent.at('go-ready').click();
    await agent.untilShows('agent-state', 'ready');
    await page.evaluate(() => window.agentProbe.prepare());
    return agent;
  }

  get browserVersion(): string {
    return this.chromium.browser.version();
  }

  /** Before each call. */
  reset(): Promise<void> {
    return this.page.evaluate(() => window.agentProbe.reset());
  }

  /** Resolves with itself when its call rings. */
  async rings(): Promise<this> {
    await this.page.evaluate(() => window.agentProbe.until('rangAtMs'));
    return this;
  }

  /** Clicks on answer. */
  answer(): Promise<void> {
    return this.at('call-answer').click({ timeout: STATE_TIMEOUT_MS });
  }

  /** Resolves when the caller's voice has begun and the page lets it be heard. */
  async hearsCaller(): Promise<void> {
    await this.page.evaluate(async () => {
      await window.agentProbe.until('soundAtMs');
      await window.agentProbe.until('unmutedAtMs');
    });
  }

  marks(): Promise<AgentMarks> {
    return this.page.evaluate(() => window.agentProbe.marks());
  }

  /** Ends the wrap-up as an agent does; ready for the next call afterwards. */
  async finishWrapUp(): Promise<void> {
    await this.at('wrap-up-done').click({ timeout: STATE_TIMEOUT_MS });
    await this.untilShows('agent-state', 'ready');
  }

  /** After a call that failed: whatever is left of it is ended, so that the next one finds a ready agent. */
  async recover(): Promise<void> {
    for (const button of ['call-hangup', 'wrap-up-done', 'go-ready'])
      await this.at(button)
        .click({ timeout: 1000 })
        .catch(() => undefined);
  }

  close(): Promise<void> {
    return this.chromium.close();
  }

  private at(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  private untilShows(testId: string, state: string): Promise<unknown> {
    const shown = async (): Promise<boolean> => (await this.at(testId).getAttribute('data-state')) === state;
    return until(`${testId} to show ${state}`, shown, STATE_TIMEOUT_MS);
  }
}
