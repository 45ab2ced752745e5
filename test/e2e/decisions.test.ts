/** Who gets a call as administrators have set it, and why, as the page tells a supervisor in the language of the desk. */
import type { Page } from 'playwright-core';
import type { TestCall } from '../../infra/caller/test-call';
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered, untilHasHeardSound, untilHearsTone } from '../support/caller';
import { launchChromium } from '../support/chromium';
import type { ChromiumUnderTest } from '../support/chromium';
import { openContext } from '../support/desk-browser';
import { PASSWORD } from '../support/product';
import { hearsTone } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const OTHER_HZ = 1600;
const RELAXED_AFTER_MS = 2_000;

const center = new StaffedProduct();
/** Signed in from the test on in which several ring. */
let other: Agent;
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
  await untilHasHeardSound(call);
  void call.press('1');
  return call;
};

const setSupport = (change: object): Promise<unknown> =>
  center.product.admin('PUT', '/queue-settings/support', {
    ...{ name: 'Support', nameZh: '技术支持', skills: { support: 1 }, wrapUpMs: 0, ...change },
  });

/** A number that leads straight into a queue. */
const setNumber = async (number: string, contact: object, queue = 'support'): Promise<void> => {
  const steps = { answer: { do: 'answer', next: 'wait' }, wait: { do: 'enqueue', queue, contact } };
  await center.product.admin('PUT', `/flows/f${number}`, { title: number, start: 'answer', steps });
  await center.product.admin('PUT', `/numbers/${number}`, { flowId: `f${number}` });
};

const callDirectly = async (number: string, from: string): Promise<TestCall> => {
  const call = await callWithTone({ number, from, port: center.product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  return call;
};

const untilWaiting = (count: number): Promise<unknown> =>
  until(`${count} callers to wait`, async () => {
    const { items } = await center.product.admin<{ items: { queueId: string; waiting: number }[] }>('GET', '/queues');
    return items.find(({ queueId }) => queueId === 'support')?.waiting === count;
  });

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
  }, 180_000);

  afterAll(async () => {
    await (other as Agent | undefined)?.close();
    await chromium.close();
  }, 180_000);

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
    expect(await candidates.nth(1).textContent()).toContain('李伟未登录');
    await context.close();
  }, 120_000);

  it('[ACD-13] [ACD-15] goes by levels that are set while it runs: who is less skilled backs up, after a time', async () => {
    const { admin } = center.product;
    await admin('PUT', '/agent-profiles/agent1', { skills: { support: 3, sales: 5 } });
    await setSupport({ skills: { support: 6 }, rings: [{ afterMs: RELAXED_AFTER_MS, skills: { support: 2 } }] });
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
  }, 180_000);

  it('rings several at once where the queue says so: the first to answer has the call, the other telephone stops', async () => {
    await setSupport({ strategy: 'ring-several', ringAtOnce: 2 });
    other = await Agent.signIn(center.product, 'agent2', OTHER_HZ);
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
  }, 120_000);

  it('[ACD-10] goes to the agent who answered this caller last, though another has been idle for longer', async () => {
    await setSupport({ preferredAgentMs: 20_000 });
    await setNumber('4901', { agent: 'last' });
    await center.product.endedInteraction(({ caller }) => caller.number === '+4930300002');
    await Promise.all([center.agent.untilState('ready'), other.untilState('ready')]);
    const call = await callDirectly('4901', '+4930300002');
    await other.untilCall('ringing');
    expect(await center.agent.at('call-status').getAttribute('data-state')).toBe('idle');
    await call.hangup();
    await other.untilCall('idle');
  }, 180_000);

  it('[ACD-16] goes to the agent of the higher grade, where the queue weighs that', async () => {
    const { admin } = center.product;
    await admin('PUT', '/agent-profiles/agent1', { skills: { support: 3 }, grade: 7 });
    await admin('PUT', '/agent-profiles/agent2', { skills: { support: 9 }, grade: 2 });
    await setNumber('4902', {});
    const [agent1, agent2] = [center.agent, other];
    for (const [weight, chosen] of [[60_000, agent1] as const, [-60_000, agent2] as const]) {
      await setSupport({ weights: { grade: weight } });
      const call = await callDirectly('4902', '+4930300003');
      await chosen.untilCall('ringing');
      await call.hangup();
      await chosen.untilCall('idle');
      await Promise.all([agent1.untilState('ready'), agent2.untilState('ready')]);
    }
  }, 180_000);

  it('[ACD-29] serves a better customer before one who came earlier', async () => {
    await setSupport({});
    await setNumber('4903', { tier: '3' });
    for (const agentId of ['agent1', 'agent2'])
      await center.product.admin('POST', `/agents/${agentId}/actions`, { do: 'not-ready', reason: 'break' });
    const plain = await callDirectly('4902', '+4930300004');
    await untilWaiting(1);
    const better = await callDirectly('4903', '+4930300005');
    await untilWaiting(2);
    // Who becomes ready now is called at once.
    await center.agent.at('go-ready').click();
    await center.agent.untilCall('ringing');
    await center.agent.answer();
    await untilHearsTone(better, AGENT_HZ);
    expect(hearsTone(lastHeard(plain, 300), AGENT_HZ)).toBe(false);
    await plain.hangup();
    await better.hangup();
    await center.agent.untilCall('idle');
  }, 180_000);

  it('[ACD-32] sends callers of experts who are not there at this hour to everybody else', async () => {
    const { admin } = center.product;
    await admin('PUT', '/skills/expert', { name: 'Expert', nameZh: '专家' });
    await admin('PUT', '/calendars/never', { name: 'Never', timeZone: 'Asia/Shanghai' });
    await admin('PUT', '/queue-settings/experts', {
      ...{ name: 'Experts', skills: { expert: 5 }, calendarId: 'never' },
      overflow: [{ when: { kind: 'closed' }, to: { kind: 'queue', queueId: 'support' } }],
    });
    await setNumber('4904', {}, 'experts');
    const call = await callDirectly('4904', '+4930300006');
    await center.agent.untilCall('ringing');
    await center.agent.answer();
    await center.bothHear(call);
    await call.hangup();
    await center.agent.untilCall('idle');
    const { queueId, segments } = await center.product.endedInteraction(
      ({ caller }) => caller.number === '+4930300006',
    );
    expect([queueId, segments.some((segment) => segment.queueId === 'experts')]).toEqual(['support', true]);
  }, 180_000);
});
