/** The app is killed in conversations and while callers wait; nobody who is on the line notices. */
import type { InteractionView } from '../../api/contract/rest';
import type { TestCall } from '../../infra/caller/test-call';
import { callWithTone, lastHeard, untilAnswered } from '../support/caller';
import { readG711Wav } from '../support/g711-wav';
import {
  LEAST_SHARE,
  hearsMusic,
  killApp,
  nothingIsLeft,
  piecesOf,
  shareHeardDuring,
  untilMusic,
} from '../support/restarted-app';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const PIECE_MS = 300;
/** Before both were recorded, and after the last packet. */
const BEGIN_AND_END_MS = 1_500;
/** Of the time that the app was away, all of which would be silent were sound its doing; a busy machine loses packets. */
const LONGEST_HOLE = 0.5;

const center = new StaffedProduct();

const hearsAgent = (samples: Float64Array): boolean => hearsTone(samples, AGENT_HZ);

/** Both sides are in the one recording, without a hole. */
const recordingIsWhole = async ({ id, segments, recordings }: InteractionView, awayMs: number): Promise<void> => {
  expect(recordings).toHaveLength(1);
  const response = await center.product.get(`/api/v1/interactions/${id}/recordings/1`);
  expect(response.status).toBe(200);
  const { channels } = readG711Wav(Buffer.from(await response.arrayBuffer()));
  const talks = segments.filter(({ kind }) => kind === 'talk');
  const talkedMs = talks.reduce((sum, { startedAtMs, endedAtMs = startedAtMs }) => sum + endedAtMs - startedAtMs, 0);
  for (const [at, hz] of [CALLER_HZ, AGENT_HZ].entries()) {
    const spoken = piecesOf(channels[at] as Float64Array, PIECE_MS).map((piece) => hearsTone(piece, hz));
    expect(spoken.length * PIECE_MS).toBeGreaterThan(talkedMs - BEGIN_AND_END_MS);
    const silentInARow =
      spoken
        .map((isHeard) => (isHeard ? '+' : '-'))
        .join('')
        .replace(/^-+|-+$/g, '')
        .match(/-+/g) ?? [];
    expect(Math.max(0, ...silentInARow.map(({ length }) => length)) * PIECE_MS).toBeLessThan(awayMs * LONGEST_HOLE);
  }
};

/** What was decided before the crash is explained after it, from the journal. */
const decisionSurvives = async ({ contactId }: InteractionView): Promise<void> => {
  const response = await center.product.get(`/api/v1/contacts/${contactId}/decisions`);
  expect(await response.json()).toMatchObject({ items: [{ agentId: 'agent1', proved: true }] });
};

const queueUp = async (from: string): Promise<TestCall> => {
  const call = await callWithTone({ number: '4000', from, port: center.product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  await until('the greeting', () => levelDbfs(lastHeard(call, 300)) > -40, 5000);
  void call.press('2');
  await until(`${from} to be in the queue`, async () => (await segmentOf(from)) === 'queue', 15_000);
  return call;
};

const segmentOf = async (from: string): Promise<string | undefined> =>
  (await center.product.historyOf(from))[0]?.segments.at(-1)?.kind;

describeNeeding('chromium')('an app that is killed', () => {
  center.startForTests();

  it.each(['caller', 'agent'] as const)(
    '[ACD-19] [HA-01] [HA-04] in a conversation: both hear each other all the time, the recording goes on, the desk shows the call, and the %s hangs up',
    async (side) => {
      const { agent } = center;
      const { call, from } = await center.converse();
      const killedAtMs = performance.now();
      const share = await shareHeardDuring(call, hearsAgent, async () => {
        const back = killApp(center.product, [center.agent]);
        await agent.at('connection-banner').waitFor();
        await Promise.all([back, agent.untilHears(CALLER_HZ, 20_000)]);
      });
      expect(share).toBeGreaterThan(LEAST_SHARE);
      await agent.untilCall('connected');
      const awayMs = performance.now() - killedAtMs;
      await center.bothHear(call);
      if (side === 'caller') await call.hangup();
      else {
        await agent.at('call-hold').click();
        await agent.untilCall('held');
        await agent.at('call-hold').click();
        await agent.untilCall('connected');
        await agent.at('call-hangup').click();
        expect(await call.ended).toMatchObject({ by: 'far-end' });
      }
      await agent.finishWrapUp();
      const interaction = await center.product.interactionFrom(from);
      expect(interaction).toMatchObject({
        agentId: 'agent1',
        outcome: { result: 'answered', reason: 'hung-up', party: side },
      });
      // Who holds is silent in it.
      if (side === 'caller') await recordingIsWhole(interaction, awayMs);
      else expect(interaction.recordings).toHaveLength(1);
      await decisionSurvives(interaction);
      await nothingIsLeft(center.product);
    },
    120_000,
  );

  it('[ACD-19] while callers wait: they hear music all the time, and the agent gets them in their order', async () => {
    const { agent, product } = center;
    await agent.at('go-not-ready').click();
    await agent.untilState('not-ready');
    const numbers = ['+493020901', '+493020902'];
    const calls = [await queueUp(numbers[0] ?? ''), await queueUp(numbers[1] ?? '')];
    await Promise.all(calls.map(untilMusic));
    await pause(4000);
    const lines = product.log.length;
    const back = killApp(center.product, [center.agent]);
    const shares = await Promise.all(calls.map((call) => shareHeardDuring(call, hearsMusic, () => back)));
    expect(Math.min(...shares)).toBeGreaterThan(LEAST_SHARE);
    const since = product.log.slice(lines);
    expect(since.some(({ msg }) => msg === 'the ACD goes on from its journal')).toBe(true);
    expect(since.filter(({ msg }) => msg === 'the replay decided otherwise than the ACD did')).toEqual([]);
    for (const [at, call] of calls.entries()) {
      // With callers waiting nobody is ready for long.
      if (at === 0) await agent.at('go-ready').click();
      await agent.untilCall('ringing', 30_000);
      await agent.answer();
      await center.bothHear(call);
      expect(await segmentOf(numbers[at] ?? '')).toBe('talk');
      await call.hangup();
      await agent.untilCall('wrap-up');
      await agent.at('wrap-up-done').click();
    }
    await agent.untilState('ready');
    for (const number of numbers) {
      const { segments, outcome } = await product.interactionFrom(number);
      expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
      expect(segments.map(({ kind }) => kind)).toEqual(['flow', 'queue', 'ringing', 'talk', 'wrap-up']);
    }
    await nothingIsLeft(center.product);
    expect(agent.consoleErrors.filter((line) => !line.includes('WebSocket') && !line.includes('ERR_'))).toEqual([]);
  }, 120_000);
});
