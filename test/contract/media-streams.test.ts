/** Music from a server that streams it: heard by all who wait, over one connection, and other music while it is away. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId, PlayId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { loadOpus } from '../../media/codec/opus';
import { RtpEndpointFactory } from '../../media/endpoint/rtp-factory';
import { MediaEngine } from '../../media/engine';
import type { AudioCodec, MediaEvent } from '../../media/ports';
import { SoundLibrary } from '../../media/prompts/sound-library';
import { LiveStreams } from '../../media/streams/live-streams';
import { PORTS, openParty, value } from '../support/media-bench';
import type { TestParty } from '../support/media-bench';
import { RADIO_HZ, Radio } from '../support/radio';
import { hearsTone, toPcm16, tone, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';
import { pcm16Wav } from '../support/wav';

const OTHER_HZ = 1300;
const clock = systemClock;
const log = silentLogger();

let radio: Radio;
let folder: string;
let engine: MediaEngine;
let events: MediaEvent[];
let parties: TestParty[];

beforeEach(async () => {
  await loadOpus();
  radio = await Radio.start();
  folder = await mkdtemp(join(tmpdir(), 'switchroom-streams-'));
  await mkdir(join(folder, 'music'), { recursive: true });
  const other = toPcm16(tone({ frequencyHz: OTHER_HZ, durationMs: 1000, amplitude: 0.25 }));
  await writeFile(join(folder, 'music/default.wav'), pcm16Wav(other));
  const rtp = new RtpEndpointFactory({ bindAddress: '127.0.0.1', rtpPorts: PORTS, clock, log });
  const streams = new LiveStreams({ awayAlarmMs: 1500, clock, log });
  const sounds = new SoundLibrary({ dir: folder, streams });
  engine = new MediaEngine({ factories: { rtp, webrtc: rtp }, sounds, recordingsDir: folder, clock, log });
  events = [];
  parties = [];
  engine.onEvent((event) => events.push(event));
});

afterEach(async () => {
  parties.forEach(({ peer }) => peer.close());
  await engine.close();
  await radio.close();
  await rm(folder, { recursive: true });
});

const party = async (codec: AudioCodec = 'PCMA'): Promise<TestParty> => {
  const opened = await openParty(engine, { codec });
  parties.push(opened);
  return opened;
};

const wait = async (endpointId: EndpointId, url = radio.url, gainDb = 0): Promise<PlayId> => {
  const playId = newId<PlayId>();
  const sources = [{ kind: 'music', name: 'radio', stream: { url, gainDb } }] as const;
  value(await engine.play({ playId, endpointId, sources, loop: true }));
  return playId;
};

const RATES = { PCMA: 8000, PCMU: 8000, G722: 16_000, OPUS: 16_000 } as const;

/** The last 400 ms that a party has heard. */
const last = ({ peer }: TestParty, codec: AudioCodec = 'PCMA'): Float64Array => {
  const heard = peer.heard().subarray(-RATES[codec] * 0.4);
  return RATES[codec] === 8000 ? heard : heard.filter((_, index) => index % 2 === 0);
};

const untilHears = (who: TestParty, hz: number, codec?: AudioCodec): Promise<unknown> =>
  until(`${hz} Hz`, () => hearsTone(last(who, codec), hz), 10_000);

/** The radio's tone begins anew every second, after a moment of silence. */
const expectLevel = (heard: Float64Array, dbfs: number): void =>
  expect(Math.abs(toneLevelDbfs(heard, RADIO_HZ) - dbfs)).toBeLessThan(2.5);

const changes = (): string[] => events.flatMap((event) => (event.type === 'stream-changed' ? [event.state] : []));

it.each(['PCMA', 'G722'] as const)('is heard by %s, live', async (codec) => {
  const a = await party(codec);
  await wait(a.id);
  await untilHears(a, RADIO_HZ, codec);
  await pause(500);
  expectLevel(last(a, codec), -15);
});

it('one connection for all who wait, each at its volume; it ends some time after the last of them', async () => {
  const several = [await party(), await party('PCMU'), await party(), await party('G722')];
  for (const [index, { id }] of several.entries()) await wait(id, radio.url, index === 2 ? -10 : 0);
  for (const [index, one] of several.entries()) await untilHears(one, RADIO_HZ, index === 3 ? 'G722' : 'PCMA');
  await pause(500);
  expectLevel(last(several[0] as TestParty), -15);
  expectLevel(last(several[2] as TestParty), -25);
  expect([radio.connections, radio.listening]).toEqual([1, 1]);
  for (const { id } of several) value(await engine.closeEndpoint(id));
  // Whoever comes soon after finds it running.
  const late = await party();
  await wait(late.id);
  await untilHears(late, RADIO_HZ);
  expect(radio.connections).toBe(1);
  await engine.close();
  await until('the connection to end', () => radio.listening === 0);
}, 20_000);

it('while it is away other music is heard, it is looked for again, and its being away for long is told once', async () => {
  const a = await party();
  await wait(a.id);
  await untilHears(a, RADIO_HZ);
  radio.interrupt();
  await untilHears(a, OTHER_HZ);
  await until('the alarm', () => changes().length > 0, 10_000);
  expect(events.find(({ type }) => type === 'stream-changed')).toEqual({
    type: 'stream-changed',
    url: radio.url,
    state: 'away',
    detail: 'the server answers 503',
  });
  expect(events.some(({ type }) => type === 'play-ended')).toBe(false);
  radio.resume();
  await untilHears(a, RADIO_HZ);
  expect(changes()).toEqual(['away', 'back']);
  const numbers = a.peer.received.map(({ sequenceNumber }) => sequenceNumber);
  numbers.slice(1).forEach((number, index) => expect((number - (numbers[index] ?? 0)) & 0xffff).toBe(1));
}, 30_000);

it.each([
  ['is of another kind than is read', () => void (radio.contentType = 'audio/aac'), (url: string) => url],
  ['leads elsewhere', () => undefined, (url: string) => url.replace('live.mp3', 'moved')],
  ['is no sound at all', () => void (radio.contentType = 'audio/ogg'), (url: string) => url],
  ['is not there', () => undefined, () => 'http://127.0.0.1:1/live'],
])(
  'one that %s is not heard, but other music',
  async (_what, change, urlOf) => {
    change();
    const a = await party();
    await wait(a.id, urlOf(radio.url));
    await untilHears(a, OTHER_HZ);
    await until('the alarm', () => changes()[0] === 'away', 10_000);
    expect(hearsTone(last(a), RADIO_HZ)).toBe(false);
  },
  15_000,
);

it('an address that is none of the web is never asked', async () => {
  const a = await party();
  await wait(a.id, 'file:///etc/passwd');
  await untilHears(a, OTHER_HZ);
  expect(changes()).toEqual([]);
});
