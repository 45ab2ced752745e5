/** A supervisor asks why a call went to an agent, and the page says it in the language of the desk. */
import type { Page } from 'playwright-core';
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered } from '../support/caller';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import { PASSWORD, Product } from '../support/product';
import { levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

let product: Product;
let agent: Agent;
let chromium: ChromiumUnderTest;

const callThatIsAnswered = async (): Promise<void> => {
  await agent.goReady();
  const call = await callWithTone({ number: '4000', from: '+4930777', port: product.ports.sip, toneHz: 440 });
  await untilAnswered(call);
  await until('the greeting', () => levelDbfs(lastHeard(call, 300)) > -40, 5000);
  void call.press('1');
  await agent.untilCall('ringing', 30_000);
  await agent.answer();
  await call.hangup();
  await agent.untilCall('wrap-up');
  await agent.at('wrap-up-done').click();
};

const openHistory = async (page: Page): Promise<void> => {
  await page.goto(product.url);
  await page.getByTestId('username').fill('super1');
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('sign-in').click();
  await page.getByTestId('history-row').first().locator('[aria-expanded]').click();
};

describeNeeding('chromium')('a decision of the ACD', () => {
  beforeAll(async () => {
    product = await Product.start();
    agent = await Agent.signIn(product, 'agent1');
    chromium = await launchChromium({ microphoneToneHz: 440, lifetimeMs: 300_000 });
  }, 180_000);

  afterAll(async () => {
    await agent.close();
    await chromium.close();
    await product.stop();
  }, 60_000);

  it('is explained to supervisors: every agent, with the reason why not', async () => {
    await callThatIsAnswered();
    const context = await openContext(chromium.browser, { locale: 'zh-CN', width: 1440, height: 900 });
    const page = await context.newPage();
    await openHistory(page);
    await page.getByTestId('decisions-open').click();
    await page.locator('[data-testid=decision][data-proved=true]').waitFor();
    const candidates = page.getByTestId('decision-candidate');
    expect(await candidates.count()).toBe(2);
    expect(await candidates.nth(0).textContent()).toContain('安娜被选中');
    expect(await candidates.nth(1).textContent()).toContain('李伟未签入');
    await context.close();
  }, 120_000);
});
