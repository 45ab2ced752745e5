/**
 * Each of the product's processes dies in a conversation; what becomes of the call, the page and the next call. The
 * edge has a file of its own.
 */
import type { TestCall } from '../../infra/caller/test-call';
import type { Health, InteractionView } from '../../api/contract/rest';
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered, untilHearsTone } from '../support/caller';
import { readG711Wav } from '../support/g711-wav';
import { killProcessOf, processOf } from '../support/process-tree';
import type { ProductProcess } from '../support/process-tree';
import { PASSWORD, Product } from '../support/product';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const AGENT_HZ = 1000;
const CALLER_HZ = 440;
const TALK_MS = 1500;
/** The last 300 ms of a recording, in samples. */
const RECORDED_TAIL = 2400;

let product: Product;
let agent: Agent;
let serial = 0;

/** A caller with a number of its own, from the greeting to a conversation that both sides hear. */
const converse = async (): Promise<{ call: TestCall; from: string }> => {
  serial += 1;
  const from = `+49302000${serial}`;
  await agent.goReady();
  const call = await callWithTone({ number: '4000', from, port: product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  await until('the greeting', () => levelDbfs(lastHeard(call, 300)) > -40, 5000);
  void call.press('2');
  await agent.untilCall('ringing', 30_000);
  await agent.answer();
  await bothHear(call);
  return { call, from };
};

const bothHear = async (call: TestCall): Promise<void> => {
  await untilHearsTone(call, AGENT_HZ);
  await until('the agent to hear the caller', async () => hearsTone(await agent.heard(300), CALLER_HZ), 5000);
};

const finishWrapUp = async (): Promise<void> => {
  await agent.untilCall('wrap-up');
  await agent.at('wrap-up-done').click();
  await agent.untilState('ready');
};

/** The next call works, from the greeting to its end. */
const nextCallWorks = async (): Promise<void> => {
  const { call, from } = await converse();
  await call.hangup();
  await finishWrapUp();
  expect((await historyOf(from)).outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
};

const historyOf = (from: string): Promise<InteractionView> =>
  product.endedInteraction((item) => item.caller.number === from);

/** The two sides of the call's recording, caller first, 8 kHz. */
const recordingOf = async ({ id }: InteractionView): Promise<[Float64Array, Float64Array]> => {
  const response = await product.get(`/api/v1/interactions/${id}/recordings/1`);
  expect(response.status).toBe(200);
  const { channels } = readG711Wav(Buffer.from(await response.arrayBuffer()));
  return channels as [Float64Array, Float64Array];
};

/** Kills a process; the returned function waits until the supervisor has it back. */
const crash = (name: ProductProcess): (() => Promise<void>) => {
  const linesBefore = product.log.length;
  const before = killProcessOf(product.pid, name);
  return async () => {
    const isBack = (line: Record<string, unknown>): boolean => line.msg === 'a process is back' && line.role === name;
    await until(`the ${name} process to be back`, () => product.log.slice(linesBefore).some(isBack), 30_000);
    const now = processOf(product.pid, name);
    expect(now).toBeDefined();
    expect(now).not.toBe(before);
    await until('the app to be connected with everything', isHealthy, 5000);
  };
};

const isHealthy = async (): Promise<boolean> =>
  ((await (await product.get('/api/v1/health')).json()) as Health).status === 'ok';

const describeWithBrowser = describeNeeding('chromium');

describeWithBrowser('a process that dies in a conversation', () => {
  beforeAll(async () => {
    product = await Product.start();
    agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  }, 180_000);

  afterAll(async () => {
    await agent.close();
    await product.stop();
  }, 60_000);

  it('[HA-01] [HA-09] media: the call ends with a clear outcome, its recording is kept, and the next call works', async () => {
    const { call, from } = await converse();
    await pause(TALK_MS);
    const isBack = crash('media');
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    const interaction = await historyOf(from);
    expect(interaction).toMatchObject({
      agentId: 'agent1',
      outcome: { result: 'failed', reason: 'media-process-lost', party: 'system' },
    });
    await finishWrapUp();
    await isBack();
    const [callerSide, agentSide] = await recordingOf(interaction);
    // What was on its way to the disk is lost: half a second at most.
    expect(callerSide.length / 8).toBeGreaterThan(TALK_MS - 500);
    expect(hearsTone(callerSide.slice(-RECORDED_TAIL), CALLER_HZ)).toBe(true);
    expect(hearsTone(agentSide.slice(-RECORDED_TAIL), AGENT_HZ)).toBe(true);
    expect(callerSide).toHaveLength(agentSide.length);
    await nextCallWorks();
  }, 90_000);

  it('[HA-04] [HA-09] app: the call ends in the history, the agent is told to sign in again, and the next call works', async () => {
    const { call, from } = await converse();
    const isBack = crash('app');
    await agent.at('connection-banner').waitFor();
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    await isBack();
    const interrupted = await historyOf(from);
    expect(interrupted).toMatchObject({
      agentId: 'agent1',
      outcome: { result: 'failed', reason: 'app-interrupted', party: 'system' },
    });
    await decisionSurvives(interrupted);
    await agent.page.getByText('Your session has expired. Please sign in again.').waitFor({ timeout: 30_000 });
    await agent.at('username').fill('agent1');
    await agent.at('password').fill(PASSWORD);
    await agent.at('sign-in').click();
    await agent.at('agent-state').waitFor();
    // The page's old telephone password is no attack, and is not reported as one.
    expect(product.output).not.toContain('wrong credentials');
    await nextCallWorks();
  }, 120_000);

  it('[HA-04] [HA-09] store: the conversation goes on, and its interaction is complete afterwards', async () => {
    const { call, from } = await converse();
    const isBack = crash('store');
    await pause(1000);
    await bothHear(call);
    await isBack();
    await call.hangup();
    await finishWrapUp();
    const interaction = await until(
      'the whole interaction',
      async () => (await product.history()).find((item) => item.caller.number === from && isComplete(item)),
      20_000,
    );
    expect(interaction).toMatchObject({
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
    expect(interaction.recordings[0]?.durationMs).toBeGreaterThan(1000);
    await nextCallWorks();
  }, 120_000);
});

/** What was decided before the crash is explained after it, from the journal. */
const decisionSurvives = async ({ contactId }: InteractionView): Promise<void> => {
  const response = await product.get(`/api/v1/contacts/${contactId}/decisions`);
  expect(await response.json()).toMatchObject({ items: [{ agentId: 'agent1', proved: true }] });
};

const isComplete = ({ endedAtMs, segments }: InteractionView): boolean =>
  endedAtMs !== undefined &&
  segments.some(({ kind }) => kind === 'wrap-up') &&
  segments.every((segment) => segment.endedAtMs !== undefined);
