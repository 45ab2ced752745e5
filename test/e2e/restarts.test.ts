/**
 * Each of the product's processes dies in a conversation; what becomes of the call, the page and the next call. The
 * edge has a file of its own.
 */
import type { Health, InteractionView } from '../../api/contract/rest';
import { readG711Wav } from '../support/g711-wav';
import type { ProductProcess } from '../support/process-tree';
import { hearsTone } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const TALK_MS = 1500;
/** The last 300 ms of a recording, in samples. */
const RECORDED_TAIL = 2400;

const center = new StaffedProduct();

/** The next call works, from the greeting to its end. */
const nextCallWorks = async (): Promise<void> => {
  const { call, from } = await center.converse();
  await call.hangup();
  await center.agent.finishWrapUp();
  expect((await center.product.interactionFrom(from)).outcome).toEqual({
    result: 'answered',
    reason: 'hung-up',
    party: 'caller',
  });
};

/** The two sides of the call's recording, caller first, 8 kHz. */
const recordingOf = async ({ id }: InteractionView): Promise<[Float64Array, Float64Array]> => {
  const response = await center.product.get(`/api/v1/interactions/${id}/recordings/1`);
  expect(response.status).toBe(200);
  const { channels } = readG711Wav(Buffer.from(await response.arrayBuffer()));
  return channels as [Float64Array, Float64Array];
};

/** Kills a process; resolves when another one is there, and the app is connected with it. */
const crash = async (name: ProductProcess): Promise<void> => {
  await center.product.crash(name);
  await until('the app to be connected with everything', isHealthy, 5000);
};

const isHealthy = async (): Promise<boolean> =>
  ((await (await center.product.get('/api/v1/health')).json()) as Health).status === 'ok';

describeNeeding('chromium')('a process that dies in a conversation', () => {
  center.startForTests();

  it('[HA-01] [HA-09] media: the call ends with a clear outcome, its recording is kept, and the next call works', async () => {
    const { call, from } = await center.converse();
    await pause(TALK_MS);
    const back = crash('media');
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    const interaction = await center.product.interactionFrom(from);
    expect(interaction).toMatchObject({
      agentId: 'agent1',
      outcome: { result: 'failed', reason: 'media-process-lost', party: 'system' },
    });
    await center.agent.finishWrapUp();
    await back;
    const [callerSide, agentSide] = await recordingOf(interaction);
    // What was on its way to the disk is lost: half a second at most.
    expect(callerSide.length / 8).toBeGreaterThan(TALK_MS - 500);
    expect(hearsTone(callerSide.slice(-RECORDED_TAIL), CALLER_HZ)).toBe(true);
    expect(hearsTone(agentSide.slice(-RECORDED_TAIL), AGENT_HZ)).toBe(true);
    expect(callerSide).toHaveLength(agentSide.length);
    await nextCallWorks();
  }, 90_000);

  it('[HA-04] [HA-09] app: the call ends in the history, the agent goes on by itself, and the next call works', async () => {
    const { call, from } = await center.converse();
    const back = crash('app');
    await center.agent.at('connection-banner').waitFor();
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    await back;
    const interrupted = await center.product.interactionFrom(from);
    expect(interrupted).toMatchObject({
      agentId: 'agent1',
      outcome: { result: 'failed', reason: 'app-interrupted', party: 'system' },
    });
    await decisionSurvives(interrupted);
    await center.agent.at('connection-banner').waitFor({ state: 'detached', timeout: 30_000 });
    expect(await center.agent.at('sign-in').count()).toBe(0);
    // As before the crash; the wrap-up of a call that is no more does not wait for anybody.
    await center.agent.untilState('ready');
    // The telephone has the password that it had.
    expect(center.product.output).not.toContain('wrong credentials');
    await nextCallWorks();
  }, 120_000);

  it('[HA-04] [HA-09] store: the conversation goes on, and its interaction is complete afterwards', async () => {
    const { call, from } = await center.converse();
    const back = crash('store');
    await pause(1000);
    await center.bothHear(call);
    await back;
    await call.hangup();
    await center.agent.finishWrapUp();
    const interaction = await until(
      'the whole interaction',
      async () => (await center.product.history()).find((item) => item.caller.number === from && isComplete(item)),
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
  const response = await center.product.get(`/api/v1/contacts/${contactId}/decisions`);
  expect(await response.json()).toMatchObject({ items: [{ agentId: 'agent1', proved: true }] });
};

const isComplete = ({ endedAtMs, segments }: InteractionView): boolean =>
  endedAtMs !== undefined &&
  segments.some(({ kind }) => kind === 'wrap-up') &&
  segments.every((segment) => segment.endedAtMs !== undefined);
