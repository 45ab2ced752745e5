/** Who gets a call as administrators have set it, and why, as the page tells a supervisor in the language of the desk. */
import type { Page } from 'playwright-core';
import type { TestCall } from '../../infra/caller/test-call';
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered, untilHearsTone } from '../support/caller';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import { PASSWORD } from '../support/product';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const OTHER_HZ = 1600;
const RELAXED_AFTER_MS = 2_000;

const center = new StaffedProduct();
let chromium: ChromiumUnderTest;

const callThatIsAnswered = async (): Promise<void> => {
  const { call } = await center.converse();
  await call.hangup();
  await center.agent.finishWrapUp();
};

/** By the menu of the main number. */
const callSupport = async (from: string): Promise<TestCall> => {
  const call = await callWithTone({ number: '4000', from, port: center.product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  await until('the greeting', () => levelDbfs(lastHeard(call, 300)) > -40, 5000);
  void call.press('1');
  return call;
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

  it('[ACD-13] [ACD-15] goes by levels that are set while it runs: who is less skilled backs up, after a time', async () => {
    const { admin } = center.product;
    await admin('PUT', '/agent-profiles/agent1', { skills: { support: 3, sales: 5 } });
    await admin('PUT', '/queue-settings/support', {
      ...{ name: 'Support', nameZh: '技术支持', skills: { support: 6 }, wrapUpMs: 0 },
      rings: [{ afterMs: RELAXED_AFTER_MS, skills: { support: 2 } }],
    });
    await center.agent.goReady();
    const call = await callSupport('+4930300001');
    await center.agent.untilCall('ringing', 30_000);
    await center.agent.answer();
    await center.bothHear(call);
    await call.hangup();
    await center.agent.untilCall('idle');
    const { segments } = await center.product.endedInteraction(({ caller }) => caller.number === '+4930300001');
    const [queued, rang] = ['queue', 'ringing'].map((kind) => segments.find((segment) => segment.kind === kind));
    const waitedMs = (rang?.startedAtMs ?? 0) - (queued?.startedAtMs ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(RELAXED_AFTER_MS - 50);
  }, 90_000);

  it('rings several at once where the queue says so: the first to answer has the call, the other telephone stops', async () => {
    const { admin } = center.product;
    await admin('PUT', '/queue-settings/support', {
      ...{ name: 'Support', nameZh: '技术支持', skills: { support: 1 }, wrapUpMs: 0 },
      ...{ strategy: 'ring-several', ringAtOnce: 2 },
    });
    const other = await Agent.signIn(center.product, 'agent2', OTHER_HZ);
    await Promise.all([center.agent.goReady(), other.goReady()]);
    const call = await callSupport('+4930300002');
    await Promise.all([center.agent.untilCall('ringing', 30_000), other.untilCall('ringing', 30_000)]);
    await other.answer();
    await center.agent.untilCall('idle');
    await center.agent.untilState('ready');
    await untilHearsTone(call, OTHER_HZ);
    await other.untilHears(CALLER_HZ);
    expect(hearsTone(await center.agent.heard(400), CALLER_HZ)).toBe(false);
    expect(hearsTone(lastHeard(call, 400), AGENT_HZ)).toBe(false);
    await call.hangup();
    await other.untilCall('idle');
    expect([...center.agent.consoleErrors, ...other.consoleErrors]).toEqual([]);
    await other.close();
  }, 120_000);
});
