/** Processes of a pool that end and come back, with real sound between telephones of both. */
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { MediaClient } from '../../media/client';
import type { MutualTls } from '../../media/connection';
import { MediaPool } from '../../media/pool/pool';
import type { MediaEvent } from '../../media/ports';
import { MediaServer } from '../../media/server';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { MORE_PORTS, PORTS, codeOf, newProcess, openParty, tlsOf, value } from '../support/media-bench';
import type { BenchProcess, TestParty } from '../support/media-bench';
import { fromPcm16, hearsTone, levelDbfs, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';

const log = silentLogger();

jest.setTimeout(20_000);

const FAR_PORTS = { first: 43_900, last: 43_949 };

type Reopened = Extract<MediaEvent, { type: 'endpoint-reopened' }>;

let folder: string;
let processes: [BenchProcess, BenchProcess];
let pool: MediaPool;
let parties: TestParty[];
let events: MediaEvent[];
/** Of a leg that is no telephone's. */
let answerElse: ((event: Reopened) => Promise<void>) | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchroom-pool-'));
  processes = [await newProcess('media-1', PORTS, folder), await newProcess('media-2', MORE_PORTS, folder)];
  pool = new MediaPool({ processes: processes.map(({ client, name }) => ({ name, port: client })), clock, log });
  parties = [];
  events = [];
  answerElse = undefined;
  pool.onEvent((event) => {
    events.push(event);
    if (event.type === 'endpoint-reopened') void reanswer(event);
  });
});

afterEach(async () => {
  for (const { peer } of parties) peer.close();
  pool.close();
  for (const process of processes) await process.close();
  await rm(folder, { recursive: true });
});

/** What calls do by re-INVITE: the telephone sends to the new address from now on. */
const reanswer = async (event: Reopened): Promise<void> => {
  const { endpointId, sdp } = event;
  const party = parties.find(({ id }) => id === endpointId);
  if (!party && answerElse) return answerElse(event);
  if (!party) throw new Error(`nobody is at ${endpointId}`);
  party.peer.connectTo(sdp);
  value(await pool.acceptAnswer(endpointId, party.peer.sdp()));
};

const party = async (frequencyHz: number): Promise<TestParty> => {
  const opened = await openParty(pool, { frequencyHz });
  parties.push(opened);
  opened.peer.speak();
  return opened;
};

/** Among others, in a mix. */
const hears = (listener: TestParty, frequencyHz: number): Promise<unknown> => {
  listener.peer.clear();
  const isHeard = (): boolean => toneLevelDbfs(listener.peer.heard(), frequencyHz) > -35;
  return until(`${frequencyHz} Hz`, () => listener.peer.received.length > 20 && isHeard(), 4000);
};

const loads = (): number[] => pool.processes().map(({ endpoints }) => endpoints);

it('calls of two processes are joined, and whoever loses its process is heard and hears again', async () => {
  const [a, b] = [await party(440), await party(1000)];
  expect(loads()).toEqual([1, 1]);
  value(await pool.bridge(a.id, b.id));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  await processes[1].kill();
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  expect(loads()).toEqual([2, 0]);
  expect(events.filter(({ type }) => type === 'endpoint-reopened')).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'endpoint-lost')).toHaveLength(0);
});

it('a mix of both processes comes back when the one that mixes dies, each with what it may hear', async () => {
  const [a, b, c] = [await party(440), await party(1000), await party(1800)];
  const mixId = newId<MixId>();
  value(await pool.openMix({ mixId }));
  const member = (one: TestParty) => ({ endpointId: one.id, hears: 'all', speaks: 'all' }) as const;
  value(await pool.joinMix(mixId, [member(a), member(b), { ...member(c), speaks: [a.id] }]));
  await Promise.all([hears(a, 1800), hears(b, 440), hears(c, 1000)]);
  await processes[0].kill();
  await Promise.all([hears(a, 1800), hears(b, 440), hears(c, 1000)]);
  await hears(a, 1000);
  b.peer.clear();
  await pause(600);
  expect(toneLevelDbfs(b.peer.heard(), 1800)).toBeLessThan(-45);
});

it('music goes on for whom it was played to, and a prompt begins again and ends once', async () => {
  const [a, b] = [await party(440), await party(1000)];
  const [music, prompt] = [newId<PlayId>(), newId<PlayId>()];
  const sources = [{ kind: 'music', name: 'default' }] as const;
  value(await pool.play({ playId: music, endpointId: a.id, sources, loop: true }));
  value(await pool.play({ playId: prompt, endpointId: b.id, sources: [{ kind: 'silence', durationMs: 1500 }] }));
  await pause(300);
  await processes[0].kill();
  a.peer.clear();
  await until('music', () => a.peer.received.length > 20 && levelDbfs(a.peer.heard()) > -40, 4000);
  await until('the end of the prompt', () => events.some((one) => one.type === 'play-ended' && one.playId === prompt));
  expect(events.filter(({ type }) => type === 'play-ended')).toHaveLength(1);
  value(await pool.stopPlay(music));
  await until('the end of the music', () => events.filter(({ type }) => type === 'play-ended').length === 2);
});

it('what a party had said is dropped by another process when that which took it is gone', async () => {
  const a = await party(440);
  value(await pool.startTake({ takeId: 'take-1', endpointId: a.id, maxMs: 5000 }));
  await pause(300);
  const { path } = value(await pool.stopTake('take-1'));
  await access(join(folder, 'sounds', path));
  await processes[0].kill();
  value(await pool.dropTake('take-1'));
  await expect(access(join(folder, 'sounds', path))).rejects.toThrow('ENOENT');
});

it('a recording of parties in both processes is told of as interrupted, and goes on masked as it was', async () => {
  const [a, b] = [await party(440), await party(1000)];
  value(await pool.bridge(a.id, b.id));
  const [first, second] = [newId<RecordingId>(), newId<RecordingId>()];
  value(await pool.startRecording({ recordingId: first, path: 'one.wav', codec: 'PCMA', near: a.id }));
  value(await pool.attachRecording(first, 0, a.id));
  value(await pool.attachRecording(first, 1, b.id));
  await pause(400);
  value(await pool.maskRecording(first, 60_000));
  await processes[0].kill();
  await until('the interruption', () => events.some(({ type }) => type === 'recording-interrupted'));
  value(await pool.startRecording({ recordingId: second, path: 'two.wav', codec: 'PCMA', continues: first }));
  expect(codeOf(await pool.stopRecording(first))).toBe('not_found');
  await hears(b, 440);
  await pause(300);
  value(await pool.unmaskRecording(second));
  await pause(1200);
  value(await pool.stopRecording(second));
  const wav = value(readWav(await readFile(join(folder, 'two.wav'))));
  const [customer, agent] = [fromPcm16(channelSamples(wav, 0)), fromPcm16(channelSamples(wav, 1))];
  expect(levelDbfs(customer.slice(0, 1600))).toBeLessThan(-60);
  expect(hearsTone(customer.slice(-4000), 440)).toBe(true);
  expect(hearsTone(agent.slice(-4000), 1000)).toBe(true);
});

it('whoever else is heard in a recording is in its next part too, from whatever process', async () => {
  const [a, b, c] = [await party(440), await party(1000), await party(1800)];
  const [first, second] = [newId<RecordingId>(), newId<RecordingId>()];
  value(await pool.startRecording({ recordingId: first, path: 'more-1.wav', codec: 'PCMA', near: a.id }));
  value(await pool.attachRecording(first, 0, a.id));
  // In the recording's process, and from the other one.
  expect(loads()).toEqual([2, 1]);
  value(await pool.attachRecording(first, 1, c.id));
  value(await pool.alsoRecord(first, 1, b.id));
  await pause(700);
  await processes[0].kill();
  await until('the interruption', () => events.some(({ type }) => type === 'recording-interrupted'));
  value(await pool.startRecording({ recordingId: second, path: 'more-2.wav', codec: 'PCMA', continues: first }));
  await until('both legs', () => events.filter(({ type }) => type === 'endpoint-reopened').length === 2);
  await pause(800);
  await pool.closeEndpoint(b.id);
  await pause(600);
  value(await pool.stopRecording(second));
  const agentSide = async (path: string): Promise<Float64Array> =>
    fromPcm16(channelSamples(value(readWav(await readFile(join(folder, path)))), 1));
  const [before, after] = [await agentSide('more-1.wav'), await agentSide('more-2.wav')];
  const both = [before.slice(-4000, -800), after.slice(-8800, -5600)];
  for (const samples of both) for (const hz of [1000, 1800]) expect(toneLevelDbfs(samples, hz)).toBeGreaterThan(-35);
  const last = after.slice(-4000);
  expect(toneLevelDbfs(last, 1000)).toBeLessThan(-45);
  expect(toneLevelDbfs(last, 1800)).toBeGreaterThan(-35);
});

describe('with a peer that talks over DTLS-SRTP', () => {
  let far: BenchProcess;
  beforeEach(async () => (far = await newProcess('far', FAR_PORTS, join(folder, 'far'))));
  afterEach(() => far.close());

  it('a leg that loses its process agrees on keys anew, and both hear each other again', async () => {
    const [id, farId] = [newId<EndpointId>(), newId<EndpointId>()];
    const keys = { kind: 'rtp', codecs: ['PCMA'], srtp: 'required', srtpKeys: 'dtls' } as const;
    const near = await party(1000);
    const behind = await openParty(far.client, { frequencyHz: 440 });
    parties.push(behind);
    behind.peer.speak();
    const { sdp } = value(await far.client.openEndpoint({ endpointId: farId, ...keys }));
    const answer = value(await pool.openEndpoint({ endpointId: id, ...keys, offer: sdp, near: near.id }));
    value(await far.client.acceptAnswer(farId, answer.sdp));
    value(await far.client.bridge(farId, behind.id));
    value(await pool.bridge(id, near.id));
    await Promise.all([hears(near, 440), hears(behind, 1000)]);
    answerElse = async (event) => {
      expect(event.endpointId).toBe(id);
      const answered = value(await far.client.answerReoffer(farId, event.sdp));
      value(await pool.acceptAnswer(id, answered.sdp));
    };
    await processes[0].kill();
    await Promise.all([hears(near, 440), hears(behind, 1000)]);
    const before = /a=fingerprint:.*/.exec(answer.sdp)?.[0];
    const reopened = events.find((event) => event.type === 'endpoint-reopened' && event.endpointId === id);
    expect(reopened).toMatchObject({ sdp: expect.stringContaining('UDP/TLS/RTP/SAVP') });
    expect(before).toBeDefined();
    expect(JSON.stringify(reopened)).not.toContain(before);
    expect(value(await pool.stats(id)).packetsRefused).toBe(0);
  });
});

it('[CNF-01] the recording of a conference is told of when it is mixed elsewhere, and goes on there with everybody, masked as it was', async () => {
  const [a, b] = [await party(440), await party(1000)];
  const [mixId, first, second] = [newId<MixId>(), newId<RecordingId>(), newId<RecordingId>()];
  const member = (one: TestParty) => ({ endpointId: one.id, hears: 'all', speaks: 'all' }) as const;
  value(await pool.openMix({ mixId }));
  value(await pool.joinMix(mixId, [member(a), member(b)]));
  value(await pool.startRecording({ recordingId: first, path: 'room-1.wav', codec: 'PCMA', nearMix: mixId }));
  for (const channel of [0, 1] as const) value(await pool.attachMix(first, channel, mixId));
  await pause(500);
  value(await pool.maskRecording(first, 60_000));
  await processes[0].kill();
  await until('the interruption', () => events.some(({ type }) => type === 'recording-interrupted'));
  const next = { recordingId: second, path: 'room-2.wav', codec: 'PCMA', nearMix: mixId } as const;
  value(await pool.startRecording({ ...next, continues: first }));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  await pause(300);
  value(await pool.unmaskRecording(second));
  await pause(1000);
  const { durationMs } = value(await pool.stopRecording(second));
  const wav = value(readWav(await readFile(join(folder, 'room-2.wav'))));
  for (const channel of [0, 1] as const) {
    const samples = fromPcm16(channelSamples(wav, channel));
    expect(levelDbfs(samples.slice(0, 1600))).toBeLessThan(-60);
    const end = samples.slice(8 * (durationMs - 500), 8 * (durationMs - 100));
    expect([440, 1000].filter((hz) => toneLevelDbfs(end, hz) < -30)).toEqual([]);
  }
  expect(events.filter(({ type }) => type === 'recording-interrupted')).toHaveLength(1);
});

it('after calls of all sorts, also such as fail, nothing is open a second later', async () => {
  const [a, b, c] = [await party(440), await party(1000), await party(1800)];
  const [mixId, recordingId, playId] = [newId<MixId>(), newId<RecordingId>(), newId<PlayId>()];
  value(await pool.bridge(a.id, b.id));
  value(await pool.bridge(b.id, c.id));
  value(await pool.startRecording({ recordingId, path: 'all.wav', codec: 'PCMA' }));
  for (const [channel, { id }] of [b, c].entries())
    value(await pool.attachRecording(recordingId, channel as 0 | 1, id));
  value(await pool.openMix({ mixId }));
  const all = [a, b, c].map(({ id }) => ({ endpointId: id, hears: 'all', speaks: 'all' }) as const);
  value(await pool.joinMix(mixId, all));
  value(await pool.play({ playId, endpointId: a.id, sources: [{ kind: 'music', name: 'default' }], loop: true }));
  await pause(200);
  await processes[0].kill();
  // In the middle of the recovery.
  const closing = [a, b, c].map(({ id }) => pool.closeEndpoint(id));
  await Promise.all([...closing, pool.stopRecording(recordingId), pool.closeMix(mixId)]);
  const none = { endpoints: 0, bridges: 0, mixes: 0, plays: 0, recordings: 0, portsInUse: 0 };
  await until(
    'nothing to be open',
    async () => JSON.stringify(value(await pool.counts())) === JSON.stringify(none),
    1000,
  );
  expect(value(await processes[1].engine.counts())).toEqual(none);
  expect(loads()).toEqual([0, 0]);
});

it('a process that drains takes no more calls, keeps those that it has, and has ended when they have', async () => {
  const [a, b] = [await party(440), await party(1000)];
  expect(codeOf(pool.drain('media-3'))).toBe('not_found');
  value(pool.drain('media-1'));
  await until('draining', () => pool.processes()[0]?.state === 'draining');
  expect(codeOf(pool.drain('media-2'))).toBe('conflict');
  const c = await party(1800);
  expect(loads()).toEqual([1, 2]);
  value(await pool.bridge(a.id, c.id));
  await hears(a, 1800);
  await pause(400);
  expect(processes[0].drained).toBe(false);
  for (const { id } of [a, b, c]) value(await pool.closeEndpoint(id));
  await until('the process to be drained', () => processes[0].drained);
});

describe('a process that is reached by mutual TLS', () => {
  const meet = async (server: MutualTls, client: MutualTls | undefined): Promise<boolean> => {
    const address = { host: '127.0.0.1', port: 0, tls: server };
    const { engine } = processes[0];
    const listening = value(await MediaServer.start({ engine, address, secret: '', clock, log }));
    const { port } = listening.address as { port: number };
    const app = new MediaClient({ address: { host: '127.0.0.1', port, tls: client }, secret: '', clock, log });
    await Promise.race([app.whenReady(), pause(700)]);
    const met = app.ready && codeOf(await app.counts()) === 'ok';
    app.close();
    await listening.close();
    return met;
  };

  it('serves an app with a certificate of the authority', async () => {
    expect(await meet(tlsOf('media'), tlsOf('app'))).toBe(true);
  });

  it("refuses a stranger's certificate, none, and who speaks no TLS", async () => {
    expect(await meet(tlsOf('media'), tlsOf('stranger', 'theirs'))).toBe(false);
    expect(await meet(tlsOf('media'), { ca: tlsOf('app').ca } as MutualTls)).toBe(false);
    expect(await meet(tlsOf('media'), undefined)).toBe(false);
  });

  it('is not talked to when the stranger is itself', async () => {
    expect(await meet(tlsOf('media', 'theirs'), tlsOf('app'))).toBe(false);
  });
});
