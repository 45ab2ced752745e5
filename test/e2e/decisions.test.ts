/** A supervisor asks why a call went to an agent, and the page says it in the language of the desk. */
import type { Page } from 'playwright-core';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import { PASSWORD } from '../support/product';
import { StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';

const center = new StaffedProduct();
let chromium: ChromiumUnderTest;

const callThatIsAnswered = async (): Promise<void> => {
  const { call } = await center.converse();
  await call.hangup();
  await center.agent.finishWrapUp();
};

const openHistory = async (page: Page): Promise<void> => {
  await page.goto(center.product.url);
  await page.getByTestId('username').fill('super1');
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('sign-in').click();
  await page.getByTestId('history-row').first().locator('[aria-expanded]').click();
};

describeNeeding('chromium')('a decision of the ACD', () => {
  center.startForTests();

  beforeAll(async () => {
    chromium = await launchChromium({ microphoneToneHz: 440, lifetimeMs: 300_000 });
  }, 60_000);

  afterAll(() => chromium.close(), 30_000);

  it('is explained to supervisors: every agent, with the reason why not', async () => {
    await callThatIsAnswered();
    const context = await openContext(chromium.browser, { locale: 'zh-CN', width: 1440, height: 900 });
    const page = await context.newPage();
    await openHistory(page);
    await page.getByTestId('decisions-open').click();
    await page.locator('[data-testid=decision][data-proved=true]').waitFor();
    const candidates = page.getByTestId('decision-candidate');
    expect(await candidates.count()).toBe(3);
    expect(await candidates.nth(0).textContent()).toContain('安娜被选中');
    expect(await candidates.nth(1).textContent()).toContain('李伟未签入');
    await context.close();
  }, 120_000);
});
