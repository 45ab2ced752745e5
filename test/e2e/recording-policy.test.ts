/**
 * What is recorded and what never is, through the whole product: policies, recording on demand, and card numbers that are
 * keyed in every form with an agent on the line and in a flow. Recordings are moved to an archive when they have ended.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlarmView } from '../../api/contract/security';
import { manifestSchema, recordingPageSchema, verificationSchema } from '../../api/contract/recordings';
import type { RecordingView } from '../../api/contract/recordings';
import type { InteractionView } from '../../api/contract/rest';
import { diskUse } from '../../base/disk-use';
import type { TestCall } from '../../infra/caller/test-call';
import { ToneDetector } from '../../media/dtmf/tone-detector';
import { Agent } from '../support/agent';
import { callWithTone, untilAnswered } from '../support/caller';
import { readG711Wav } from '../support/g711-wav';
import { Product } from '../support/product';
import { startS3Server } from '../support/s3-server';
import type { S3Server } from '../support/s3-server';
import { dominantFrequencyHz, toPcm16 } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const CALLER_HZ = 440;
const AGENT_HZ = 1000;
/** Keyed as tones, by SIP INFO and as events, in this order. No key is in two: in another form it would be the same one. */
const CARD = ['4929121', '35653', '7808#'] as const;
const DIGITS = '4929121356537808';

let product: Product;
let payments: Server;
let archive: S3Server;
const paid: Record<string, string>[] = [];

/** Keeps what is recorded in the archive, and warns of a disk that is as full as this one. */
const recordingsConfig = async ({ options }: S3Server): Promise<string> => {
  const { usedPercent } = await diskUse(tmpdir());
  const diskWarnPercent = Math.max(1, Math.min(97, Math.floor(usedPercent)));
  const { endpoint: s3Endpoint, bucket: s3Bucket, accessKey: s3AccessKey, secretKey: s3SecretKey } = options;
  return `recordings: ${JSON.stringify({ diskWarnPercent, s3Endpoint, s3Bucket, s3AccessKey, s3SecretKey })}\n`;
};

beforeAll(async () => {
  archive = await startS3Server();
  const trunks = "trunks: [{id: elsewhere, name: Elsewhere, addresses: ['192.0.2.1']}]\n";
  product = await Product.start({ config: trunks + (await recordingsConfig(archive)) });
  payments = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      paid.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>);
      response.end(JSON.stringify({ variables: { receipt: 'r-17' } }));
    });
  });
  await new Promise<void>((resolve) => payments.listen(0, '127.0.0.1', resolve));
  const { port } = payments.address() as AddressInfo;
  // Events are agreed to and tones are listened to until one comes: every form counts.
  await product.admin('PUT', '/trunks/carrier', { name: 'Carrier', addresses: ['127.0.0.0/8'], dtmf: 'auto' });
  await product.admin('PUT', '/look-ups/payments', { url: `http://127.0.0.1:${port}/` });
  const steps = {
    answer: { do: 'answer', next: 'recorded' },
    recorded: { do: 'recording', action: 'start', next: 'card' },
    card: {
      do: 'collect',
      prompts: [],
      variable: 'card',
      sensitive: true,
      min: 12,
      max: 19,
      timeoutMs: 10_000,
      next: 'copy',
      otherwise: 'bye',
    },
    copy: { do: 'set', variables: { copy: '{card}' }, next: 'pay' },
    pay: { do: 'look-up', 'look-up': 'payments', sends: ['card'], next: 'bye', otherwise: 'bye' },
    bye: { do: 'hang-up', reason: 'paid' },
  };
  await product.admin('PUT', '/flows/pay', { title: 'Pay', start: 'answer', steps });
  await product.admin('PUT', '/numbers/4200', { flowId: 'pay' });
  const recording = {
    answer: { do: 'answer', next: 'recorded' },
    recorded: { do: 'recording', action: 'start', next: 'wait' },
    wait: { do: 'tone', tone: 'special-information', durationMs: 1700, next: 'bye' },
    bye: { do: 'hang-up', reason: 'recorded' },
  };
  await product.admin('PUT', '/flows/recorded', { title: 'Recorded', start: 'answer', steps: recording });
  await product.admin('PUT', '/numbers/4210', { flowId: 'recorded' });
}, 120_000);

afterAll(async () => {
  payments.close();
  await product.stop();
  await archive.close();
}, 180_000);

const keyTheCard = async (call: TestCall): Promise<void> => {
  await call.press(CARD[0], 'inband');
  await call.press(CARD[1], 'info');
  await call.press(CARD[2], 'rfc4733');
};

const channelsOf = async ({ id }: InteractionView, n = 1): Promise<Float64Array[]> => {
  const response = await product.get(`/api/v1/interactions/${id}/recordings/${n}`);
  expect(response.status).toBe(200);
  return readG711Wav(Buffer.from(await response.arrayBuffer())).channels;
};

const keysIn = (samples: Float64Array): string => new ToneDetector().accept(toPcm16(samples)).join('');

const filesBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** Everything that the product has written or tells of the call: files, logs, history, SIP messages as text and capture. */
const everythingWritten = async ({ id }: InteractionView): Promise<string> => {
  // A recording may be moved to the archive in this moment.
  const textOf = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '');
  const paths = [...(await filesBelow(product.folder)), ...(await filesBelow(archive.folder))];
  const files = await Promise.all(paths.map(textOf));
  const told = await Promise.all(
    ['', '/trace', '/trace?format=text', '/trace?format=pcap'].map(async (part) => {
      const response = await product.get(`/api/v1/interactions/${id}${part}`);
      return Buffer.from(await response.arrayBuffer()).toString('latin1');
    }),
  );
  return [product.output, ...files, ...told].join('\n');
};

/** No piece of it, no INFO with a digit in it, and no event of a single key. Shorter pieces stand in random ids too. */
const expectNoCard = (written: string): void => {
  expect(written.length).toBeGreaterThan(10_000);
  for (let at = 0; at + 8 <= DIGITS.length; at += 1) expect(written.includes(DIGITS.slice(at, at + 8))).toBe(false);
  expect(/Signal ?= ?[0-9*#]|"digit" ?: ?"/.test(written)).toBe(false);
};

it('[IVR-24] a card number that a flow collects reaches the payment alone, in whatever form it is keyed', async () => {
  const from = '+4930800100';
  const call = await callWithTone({ number: '4200', from, port: product.ports.sip, toneHz: CALLER_HZ });
  await untilAnswered(call);
  await pause(800);
  await keyTheCard(call);
  await call.ended;
  const interaction = await product.interactionFrom(from);
  expect(paid).toMatchObject([{ card: DIGITS, copy: '' }]);
  expect(interaction.data).toMatchObject({ receipt: 'r-17', copy: '' });
  expect(interaction.recordings[0]?.silences).toMatchObject([{ kind: 'masked' }]);
  expect(interaction.recordingActs?.map(({ act }) => act)).toEqual(['mask', 'start', 'unmask', 'stop']);
  for (const channel of await channelsOf(interaction)) expect(keysIn(channel)).toBe('');
  expectNoCard(await everythingWritten(interaction));
}, 180_000);

const CHANNELS = 8;

it('[REC-04] many channels are recorded at once, each its own caller, and operators are warned of how full the disk is', async () => {
  const callers = Array.from({ length: CHANNELS }, (_, at) => ({ from: `+493080050${at}`, toneHz: 400 + 150 * at }));
  const port = product.ports.sip;
  const calls = await Promise.all(callers.map((caller) => callWithTone({ number: '4210', port, ...caller })));
  await Promise.all(calls.map(({ ended }) => ended));
  const spans: (readonly [number, number])[] = [];
  for (const { from, toneHz } of callers) {
    const interaction = await product.interactionFrom(from);
    const [recording] = interaction.recordings;
    if (!recording) throw new Error(`${from} was not recorded`);
    spans.push([recording.startedAtMs, recording.startedAtMs + recording.durationMs]);
    const [caller = new Float64Array()] = await channelsOf(interaction);
    expect(caller.length).toBeGreaterThan(8 * 1_300);
    expect(dominantFrequencyHz(caller.slice(4_000, 10_000))).toBeCloseTo(toneHz, -1);
  }
  // All of them ran at the same time.
  const lastStart = Math.max(...spans.map(([from]) => from));
  expect(Math.min(...spans.map(([, to]) => to))).toBeGreaterThan(lastStart);
  const { items } = await product.admin<{ items: AlarmView[] }>('GET', '/alarms');
  expect(items.map(({ kind }) => kind)).toContain('disk-filling');
  expect(items.filter(({ kind }) => kind.startsWith('recording-'))).toEqual([]);
}, 180_000);

const recordingsOf = async (number: string): Promise<RecordingView[]> => {
  const response = await product.get(`/api/v1/recordings?number=${encodeURIComponent(number)}`);
  return recordingPageSchema.parse(await response.json()).items;
};

it('[REC-09] what was recorded goes from the disk to the archive, sealed, is played and verified from there, and the manifest names every file', async () => {
  const local = join(product.folder, 'data', 'recordings');
  await until('the disk to be empty of recordings', async () => (await filesBelow(local)).length === 0, 30_000);
  const from = '+4930800500';
  const [recording] = await recordingsOf(from);
  expect(recording).toMatchObject({ state: 'kept', storage: 's3' });
  const manifest = manifestSchema.parse(await (await product.get('/api/v1/recordings/manifest')).json());
  expect(manifest.items.length).toBeGreaterThan(CHANNELS);
  const archived = await filesBelow(archive.folder);
  for (const { key, sha256 } of manifest.items) {
    const object = archived.find((path) => path.endsWith(`${key}._S3rver_object`));
    const bytes = await readFile(object ?? `no object ${key}`);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(bytes.includes('WAVE')).toBe(false);
  }
  const audio = `/api/v1/recordings/${recording?.id}/audio`;
  const whole = Buffer.from(await (await product.get(audio)).arrayBuffer());
  expect(dominantFrequencyHz((readG711Wav(whole).channels[0] ?? new Float64Array()).slice(4_000, 12_000))).toBeCloseTo(
    400,
    -1,
  );
  const part = await product.get(audio, { range: 'bytes=9000-19999' });
  expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(9_000, 20_000));
  const verified = verificationSchema.parse(await (await product.get('/api/v1/recordings/verify')).json());
  expect(verified).toMatchObject({ faults: [], files: manifest.items.length });
}, 180_000);

describeNeeding('chromium')('with an agent', () => {
  let agent: Agent;
  beforeAll(async () => {
    agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  }, 180_000);
  afterAll(() => agent.close(), 120_000);

  const talk = async (from: string): Promise<TestCall> => {
    await agent.goReady();
    const call = await callWithTone({ number: '4000', from, port: product.ports.sip, toneHz: CALLER_HZ });
    await untilAnswered(call);
    await pause(300);
    // By INFO: whether the trunk listens for tones is still open.
    await call.press('2', 'info');
    await agent.untilCall('ringing', 30_000);
    await agent.answer();
    return call;
  };

  const hangUp = async (from: string): Promise<InteractionView> => {
    await agent.at('call-hangup').click();
    await agent.untilCall('wrap-up');
    await agent.at('wrap-up-done').click();
    await agent.untilState('ready');
    return product.interactionFrom(from);
  };

  const untilRecording = (state: string): Promise<unknown> =>
    until(
      `the recording to be ${state}`,
      async () => (await agent.at('call-recording').getAttribute('data-state')) === state,
      30_000,
    );

  it('[REC-01] [IVR-24] records both parties alone; masked, it is silent and the agent hears no key, in any form', async () => {
    const from = '+4930800200';
    const call = await talk(from);
    await untilRecording('on');
    await pause(1_500);
    await agent.at('recording-mask').click();
    await untilRecording('masked');
    await pause(500);
    await keyTheCard(call);
    const stars = (): Promise<string> => agent.at('recording-keys').innerText();
    await until('a star for each key', async () => (await stars()).length === DIGITS.length + 1, 30_000);
    expect(keysIn(await agent.heard(30_000))).toBe('');
    expect(await agent.at('recording-countdown').innerText()).toMatch(/^\d:\d\d$/);
    await agent.page.keyboard.press('Alt+KeyK');
    await untilRecording('on');
    await pause(1_500);
    const interaction = await hangUp(from);

    const recording = interaction.recordings[0];
    const [silence] = recording?.silences ?? [];
    if (!recording || !silence?.toMs) throw new Error('the recording names no silence');
    const at = (ms: number): number => Math.round((ms - recording.startedAtMs) * 8);
    const channels = await channelsOf(interaction);
    const voices = [CALLER_HZ, AGENT_HZ];
    for (const [index, channel] of channels.entries()) {
      const masked = channel.subarray(at(silence.fromMs + 100), at(silence.toMs));
      expect(masked.length).toBeGreaterThan(8_000);
      expect(masked.every((sample) => Math.abs(sample) < 0.001)).toBe(true);
      expect(keysIn(channel)).toBe('');
      for (const start of [at(silence.fromMs) - 6_000, at(silence.toMs) + 4_000])
        expect(dominantFrequencyHz(channel.slice(start, start + 4_000))).toBeCloseTo(voices[index] ?? 0, -1);
    }
    expect(recording.agentIds).toEqual(['agent1']);
    expect(interaction.recordingPolicy).toMatchObject({ by: 'built-in', mode: 'always' });
    expectNoCard(await everythingWritten(interaction));
  }, 180_000);

  it('[REC-05] [REC-06] [SUP-04] on demand: the agent starts it, a supervisor stops it, and the audit knows', async () => {
    const rights = ['start', 'stop'];
    const policy = { mode: 'on-demand', queues: ['sales'], agentMay: rights, supervisorMay: rights, notice: 'beep' };
    await product.admin('PUT', '/recording-policies/sales', policy);
    const from = '+4930800300';
    const call = await talk(from);
    await untilRecording('off');
    await agent.page.keyboard.press('Alt+KeyR');
    await untilRecording('on');
    await until('the tone', () => dominantTones(call).includes(1400), 30_000);
    await pause(1_000);
    const open = (await product.history()).find(({ caller }) => caller.number === from);
    const stopped = await product.admin('POST', `/calls/${open?.id}/recording`, { action: 'stop' });
    expect(stopped).toEqual({});
    await untilRecording('off');
    const interaction = await hangUp(from);
    expect(interaction.recordingPolicy).toEqual({ id: 'sales', by: 'queue', mode: 'on-demand' });
    expect(interaction.recordingActs?.map(({ act, by }) => `${act} ${by.kind}`)).toEqual([
      'start agent',
      'stop supervisor',
    ]);
    expect(interaction.recordings).toHaveLength(1);
    const [caller] = await channelsOf(interaction);
    expect(dominantFrequencyHz((caller ?? new Float64Array()).slice(2_000, 6_000))).toBeCloseTo(CALLER_HZ, -1);
  }, 180_000);

  it('[REC-06] off: nothing is recorded, and no file is there', async () => {
    await product.admin('PUT', '/recording-policies/sales', { mode: 'off', queues: ['sales'] });
    const recordings = join(product.folder, 'data', 'recordings');
    const before = await filesBelow(recordings);
    const from = '+4930800400';
    await talk(from);
    await pause(1_000);
    const interaction = await hangUp(from);
    expect(interaction.recordings).toEqual([]);
    expect(interaction.recordingPolicy).toMatchObject({ id: 'sales', mode: 'off' });
    // Others may have gone to the archive meanwhile.
    expect((await filesBelow(recordings)).filter((path) => !before.includes(path))).toEqual([]);
  }, 180_000);
});

/** The strongest frequency of each tenth of a second that the caller has heard, rounded to hundreds. */
const dominantTones = (call: TestCall): number[] => {
  const heard = Float64Array.from(call.heard.slice(-8 * 6_000), (sample) => sample / 32_768);
  const pieces = Math.floor(heard.length / 800);
  return Array.from({ length: pieces }, (_, index) =>
    Math.round(dominantFrequencyHz(heard.slice(index * 800, (index + 1) * 800)) / 100),
  ).map((hundreds) => hundreds * 100);
};
