/** The edge is killed in conversations; nobody who talks notices, and everybody can still hang up. */
import type { InteractionView } from '../../api/contract/rest';
import type { TestCall } from '../../infra/caller/test-call';
import { readG711Wav } from '../support/g711-wav';
import { killProcessOf } from '../support/process-tree';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { callWithTone, lastHeard } from '../support/caller';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

/** A new call is served this long after the kill, at the latest: on an idle machine in less than two seconds. */
const SERVED_MS = 15_000;
const SILENCE_DBFS = -50;
const SAMPLES_A_MS = 8;
const FRAME_MS = 20;
const FRAME_SAMPLES = FRAME_MS * SAMPLES_A_MS;
/** Packets that a busy machine delivers too late for the recording; half a second without sound a kill is more. */
const LEAST_SHARE = 0.85;

const center = new StaffedProduct();

/** What the caller has said in a part of the call. */
interface Spoken {
  readonly sentMs: number;
  readonly talkedMs: number;
}

/** Kills the edge; resolves when the page is registered with the next one. */
const killEdge = async (): Promise<void> => {
  await center.product.crash('edge', 60_000);
  await center.agent.at('connection-banner').waitFor({ state: 'detached', timeout: 60_000 });
};

const callUntilAnswered = async (from: string): Promise<TestCall | undefined> => {
  const call = await callWithTone({ number: '4000', from, port: center.product.ports.sip });
  return (await call.answered).ok ? call : undefined;
};

/**
 * The end of the customer's side holds what the caller has sent. It is not held against the time: on a busy machine the
 * caller itself stops speaking for a moment, which is no hole of the recording.
 */
const recordingHolds = async ({ id }: InteractionView, { sentMs, talkedMs }: Spoken): Promise<void> => {
  const response = await center.product.get(`/api/v1/interactions/${id}/recordings/1`);
  expect(response.status).toBe(200);
  const { channels } = readG711Wav(Buffer.from(await response.arrayBuffer()));
  const customer = channels[0] as Float64Array;
  expect(customer.length / SAMPLES_A_MS).toBeGreaterThan(talkedMs - 1_000);
  const talk = customer.slice(-Math.round(talkedMs * SAMPLES_A_MS));
  let recordedMs = 0;
  for (let at = 0; at + FRAME_SAMPLES <= talk.length; at += FRAME_SAMPLES) {
    if (levelDbfs(talk.slice(at, at + FRAME_SAMPLES)) > SILENCE_DBFS) recordedMs += FRAME_MS;
  }
  expect(recordedMs).toBeGreaterThan(sentMs * LEAST_SHARE);
};

describeNeeding('chromium')('an edge that is killed in a conversation', () => {
  center.startForTests();

  it('[HA-01] [HA-09] twice leaves sound, hold and recording as they are, and the caller can hang up', async () => {
    const { agent } = center;
    const { call, from } = await center.converse();
    const startedAt = performance.now();
    const sentBefore = call.mediaStats.packetsSent;
    for (let kill = 0; kill < 2; kill += 1) {
      const back = killEdge();
      // The sound takes another way, so that it is heard while there is no edge.
      await pause(300);
      expect(hearsTone(lastHeard(call, 250), AGENT_HZ)).toBe(true);
      expect(hearsTone(await agent.heard(250), CALLER_HZ)).toBe(true);
      await back;
    }
    await agent.untilCall('connected');
    await agent.at('call-hold').click();
    await agent.untilCall('held');
    await until('the agent to hear nobody', async () => levelDbfs(await agent.heard(250)) < SILENCE_DBFS, 30_000);
    await agent.at('call-hold').click();
    await agent.untilCall('connected');
    await center.bothHear(call);
    const talkedMs = performance.now() - startedAt;
    const sentMs = (call.mediaStats.packetsSent - sentBefore) * FRAME_MS;
    await call.hangup();
    await agent.finishWrapUp();
    const interaction = await center.product.interactionFrom(from);
    expect(interaction).toMatchObject({
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
    await recordingHolds(interaction, { sentMs, talkedMs });
  }, 120_000);

  it('[HA-01] lets the agent hang up while it is away', async () => {
    const { agent } = center;
    const { call, from } = await center.converse();
    const back = killEdge();
    await agent.at('call-hangup').click();
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    await agent.finishWrapUp();
    expect((await center.product.interactionFrom(from)).outcome).toEqual({
      result: 'answered',
      reason: 'hung-up',
      party: 'agent',
    });
    await back;
  }, 180_000);

  it(`[HA-01] serves a new call within ${SERVED_MS} ms`, async () => {
    killProcessOf(center.product.pid, 'edge');
    const killedAt = performance.now();
    // A socket that nobody has is reported at once; a carrier repeats its INVITE then, this caller calls again.
    const call = await until('a new call to be answered', () => callUntilAnswered('+49302199'), 30_000);
    const servedMs = performance.now() - killedAt;
    await call.hangup();
    await center.agent.at('connection-banner').waitFor({ state: 'detached', timeout: 60_000 });
    expect(servedMs).toBeLessThan(SERVED_MS);
  }, 180_000);
});
