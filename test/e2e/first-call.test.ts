/** A carrier's caller reaches a browser agent, both hear each other, and the call is written down. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordingPageSchema, verificationSchema } from '../../api/contract/recordings';
import type { RecordingView } from '../../api/contract/recordings';
import type { InteractionView } from '../../api/contract/rest';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { readG711Wav } from '../support/g711-wav';
import { Product } from '../support/product';
import { dominantFrequencyHz, hearsTone, toneLevelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { decisionListSchema } from '../../api/contract/decisions';
import { pause, until } from '../support/wait';

const CALLER_HZ = 440;
const AGENT_HZ = 1000;
/** Whoever must not be heard is below this. */
const SILENT_DBFS = -50;

let product: Product;

beforeAll(async () => {
  product = await Product.start();
}, 120_000);

afterAll(() => product.stop(), 120_000);

/** The longest run of a channel without its party's tone says nothing; the middle of it must be the party alone. */
const middle = (samples: Float64Array): Float64Array => {
  const from = Math.floor(samples.length * 0.1);
  return samples.slice(from, from + 4000);
};

const bothHearEachOther = async (agent: Agent, caller: Baresip): Promise<void> => {
  await until('the caller to hear the agent', async () => hearsTone(await caller.heard(500), AGENT_HZ), 30_000);
  await until('the agent to hear the caller', async () => hearsTone(await agent.heard(500), CALLER_HZ), 30_000);
  expect(toneLevelDbfs(await caller.heard(500), CALLER_HZ)).toBeLessThan(SILENT_DBFS);
  expect(toneLevelDbfs(await agent.heard(500), AGENT_HZ)).toBeLessThan(SILENT_DBFS);
};

const holdPlaysMusic = async (agent: Agent, caller: Baresip): Promise<void> => {
  await agent.at('call-hold').click();
  await agent.untilCall('held');
  await pause(2000);
  const music = await caller.heard(1000);
  expect(toneLevelDbfs(music, AGENT_HZ)).toBeLessThan(-30);
  expect(toneLevelDbfs(music, CALLER_HZ)).toBeLessThan(-15);
  expect(Math.max(...music.map(Math.abs))).toBeGreaterThan(0.01);
  expect(toneLevelDbfs(await agent.heard(1000), CALLER_HZ)).toBeLessThan(SILENT_DBFS);
  await agent.at('call-hold').click();
  await agent.untilCall('connected');
};

const segmentsAddUp = (interaction: InteractionView): void => {
  const call = interaction.segments.filter((segment) => segment.kind !== 'wrap-up');
  const lengths = call.map((segment) => (segment.endedAtMs ?? NaN) - segment.startedAtMs);
  const sum = lengths.reduce((total, length) => total + length, 0);
  expect(sum).toBe((interaction.endedAtMs ?? NaN) - interaction.startedAtMs);
  call.slice(1).forEach((segment, index) => expect(segment.startedAtMs).toBe(call[index]?.endedAtMs));
};

const choiceOfAgentIsProved = async ({ contactId }: InteractionView): Promise<void> => {
  const response = await product.get(`/api/v1/contacts/${contactId}/decisions`);
  const { items } = decisionListSchema.parse(await response.json());
  expect(items).toMatchObject([{ agentId: 'agent1', queueId: 'sales', proved: true }]);
  const agents = items[0]?.explanation?.agents.items.map(({ agentId, verdict }) => [agentId, verdict.kind]);
  expect(agents).toEqual([
    ['agent1', 'chosen'],
    ['agent2', 'signed-out'],
    ['lead1', 'signed-out'],
  ]);
};

const recordingHoldsEachPartyAlone = async (interaction: InteractionView): Promise<void> => {
  const path = `/api/v1/interactions/${interaction.id}/recordings/1`;
  const response = await product.get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('audio/wav');
  const file = Buffer.from(await response.arrayBuffer());
  const { channels, sampleRateHz } = readG711Wav(file);
  const [caller, agent] = channels as [Float64Array, Float64Array];
  expect(sampleRateHz).toBe(8000);
  expect(dominantFrequencyHz(middle(caller))).toBeCloseTo(CALLER_HZ, -1);
  expect(dominantFrequencyHz(middle(agent))).toBeCloseTo(AGENT_HZ, -1);
  expect(toneLevelDbfs(caller, AGENT_HZ)).toBeLessThan(SILENT_DBFS);
  expect(toneLevelDbfs(agent, CALLER_HZ)).toBeLessThan(SILENT_DBFS);
  const talkedMs = (interaction.endedAtMs ?? NaN) - (interaction.recordings[0]?.startedAtMs ?? NaN);
  expect(Math.abs(caller.length / 8 - talkedMs)).toBeLessThan(250);

  const part = await product.get(path, { range: 'bytes=100-199' });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(file.subarray(100, 200));
};

/** The file is encrypted; the index finds it; one party is heard alone; the manifest vouches for it. */
const recordingIsKept = async (interaction: InteractionView): Promise<void> => {
  const list = async (query: string): Promise<RecordingView[]> =>
    recordingPageSchema.parse(await (await product.get(`/api/v1/recordings?${query}`)).json()).items;
  const about = `fromMs=${interaction.startedAtMs}&agentId=agent1&queueId=sales&number=%2B4930123456&partyId=agent1`;
  await until('the manifest', async () => (await list(`${about}&trunkId=local`))[0]?.state === 'kept', 30_000);
  expect(await list(`${about}&toMs=${interaction.startedAtMs}`)).toEqual([]);
  expect(await list(`${about}&trunkId=another`)).toEqual([]);
  const [recording] = await list(about);
  const path = `/api/v1/recordings/${recording?.id}/audio`;
  const sealed = readFileSync(join(product.home, 'recordings', `${pathOf(interaction)}.sealed`));
  const whole = Buffer.from(await (await product.get(path)).arrayBuffer());
  expect(sealed.includes('WAVE')).toBe(false);
  expect(sealed.includes(whole.subarray(20_000, 20_032))).toBe(false);
  const part = await product.get(path, { range: 'bytes=5000-9999' });
  expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(5000, 10_000));
  const alone = readG711Wav(Buffer.from(await (await product.get(`${path}?mix=agent`)).arrayBuffer()));
  expect(dominantFrequencyHz(middle(alone.channels[0] as Float64Array))).toBeCloseTo(AGENT_HZ, -1);
  const verified = await (await product.get('/api/v1/recordings/verify')).json();
  expect(verificationSchema.parse(verified)).toMatchObject({ faults: [] });
};

const pathOf = ({ id, recordings }: InteractionView): string =>
  `${new Date(recordings[0]?.startedAtMs ?? 0).toISOString().slice(0, 10)}/${id}-1.wav`;

const agentFindsAndPlaysIt = async (agent: Agent): Promise<void> => {
  const row = agent.at('history-row').first();
  await until(
    "the call in the agent's history",
    async () => (await row.textContent())?.replace(/\s/g, '').includes('+4930123456'),
    30_000,
  );
  await row.getByTestId('recording-play').click();
  await until(
    'the recording to play in the browser',
    () =>
      agent.page.evaluate(() =>
        [...document.querySelectorAll('audio')].some((audio) => audio.currentTime > 0.3 && audio.duration > 1),
      ),
    30_000,
  );
};

describeNeeding('chromium', 'baresip').each(['udp', 'tcp'] as const)('a call over %s', (transport) => {
  it('[PRF-03] [TEL-02] [TEL-24] [ACD-05] [ACD-06] [IVR-01] [SPH-01] [SPH-02] [SPH-04] [SPH-08] [SPH-09] [REC-01] [REC-02] [REC-03] [REC-06] goes from the greeting to the agent, is held, ends, and is history with its recording', async () => {
    const agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
    const caller = await Baresip.start({ transport, toneHz: CALLER_HZ, from: '+4930123456' });
    try {
      await agent.goReady();
      await caller.call('4000', product.ports.sip);
      await caller.press('2');
      await agent.untilCall('ringing');
      expect((await agent.at('caller-number').textContent())?.replace(/\s/g, '')).toContain('+4930123456');
      await agent.answer();
      await bothHearEachOther(agent, caller);
      await holdPlaysMusic(agent, caller);
      await bothHearEachOther(agent, caller);

      await agent.at('call-hangup').click();
      await caller.until('CALL_CLOSED');
      await agent.untilCall('wrap-up');
      await agent.at('wrap-up-note').fill('asked for an offer');
      await agent.at('wrap-up-done').click();
      await agent.untilState('ready');

      const interaction = await product.endedInteraction((item) => item.wrapUp !== undefined);
      expect(interaction).toMatchObject({
        queueId: 'sales',
        agentId: 'agent1',
        digits: ['2'],
        outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
        wrapUp: { note: 'asked for an offer', agentId: 'agent1' },
      });
      expect(interaction.voiceAnswer?.waitMs).toBeLessThan(20_000);
      expect(interaction.segments.map((segment) => segment.kind)).toEqual([
        'flow',
        'queue',
        'ringing',
        'talk',
        'hold',
        'talk',
        'wrap-up',
      ]);
      segmentsAddUp(interaction);
      await choiceOfAgentIsProved(interaction);
      await recordingHoldsEachPartyAlone(interaction);
      await recordingIsKept(interaction);
      await agentFindsAndPlaysIt(agent);
    } finally {
      await Promise.all([agent.close(), caller.close()]);
    }
  }, 180_000);
});
