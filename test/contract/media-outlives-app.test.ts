/** An app that is killed: what it had open in the media processes goes on, and its next start takes it over. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId, newToken } from '../../base/ids';
import type { MixId, PlayId, RecordingId } from '../../base/ids';
import type { Inherited } from '../../media/pool/inheritance';
import type { MediaPool } from '../../media/pool/pool';
import type { MediaEvent, MediaPort } from '../../media/ports';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { codeOf, openParty, value } from '../support/media-bench';
import type { TestParty } from '../support/media-bench';
import { MediaLives } from '../support/media-lives';
import { fromPcm16, hearsTone, levelDbfs, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';

jest.setTimeout(120_000);

const KEEP_MS = { 'media-1': 60_000, 'media-2': 60_000, short: 5000 };
const NAMES = ['media-1', 'media-2'];
const NONE = { endpoints: 0, bridges: 0, mixes: 0, plays: 0, recordings: 0, portsInUse: 0 };
const NOTHING = { endpoints: new Set<never>(), recordings: new Set<never>(), mixes: new Set<never>() };

const lives = new MediaLives(KEEP_MS);
let parties: TestParty[];
let appId: string;

beforeAll(() => lives.start());
afterAll(() => lives.close());
beforeEach(() => {
  parties = [];
  appId = newToken();
});
afterEach(async () => {
  for (const { peer } of parties) peer.close();
  await lives.endApps();
});

const party = async (port: MediaPort, frequencyHz: number): Promise<TestParty> => {
  const opened = await openParty(port, { frequencyHz });
  parties.push(opened);
  opened.peer.speak();
  return opened;
};

const nextLife = (): { pool: MediaPool; events: MediaEvent[] } => {
  const pool = lives.openPool({ id: appId, life: newToken() }, { names: NAMES });
  const events: MediaEvent[] = [];
  pool.onEvent((event) => events.push(event));
  return { pool, events };
};

const all = ({ endpoints, recordings, mixes }: Inherited): Parameters<MediaPool['closeRest']>[0] => ({
  endpoints: new Set(endpoints.map(({ endpointId }) => endpointId)),
  recordings: new Set(recordings.map(({ recordingId }) => recordingId)),
  mixes: new Set(mixes.map(({ mixId }) => mixId)),
});

/** What an app that lives on has open there; what becomes of it shows how fast the machine is just now. */
const openControl = async (): Promise<{ pool: MediaPool; events: MediaEvent[]; party: TestParty }> => {
  const pool = lives.openPool({ id: newToken(), life: newToken() }, { names: ['media-1'] });
  const events: MediaEvent[] = [];
  pool.onEvent((event) => events.push(event));
  await pool.whenReady();
  return { pool, events, party: await party(pool, 440) };
};

const hears = (listener: TestParty, frequencyHz: number): Promise<unknown> => {
  listener.peer.clear();
  const isHeard = (): boolean => toneLevelDbfs(listener.peer.heard().slice(-1600), frequencyHz) > -35;
  return until(`${frequencyHz} Hz`, () => listener.peer.received.length > 20 && isHeard(), 15_000);
};

const reanswer = async (pool: MediaPool, event: MediaEvent): Promise<void> => {
  if (event.type !== 'endpoint-reopened') return;
  const concerned = parties.find(({ id }) => id === event.endpointId);
  concerned?.peer.connectTo(event.sdp);
  if (concerned) value(await pool.acceptAnswer(event.endpointId, concerned.peer.sdp()));
};

/** The longest stretch of what a party heard, by the packets' own time, that was silent. */
const longestGapMs = ({ peer }: TestParty): number => {
  const heard = peer.heardByTimestamp();
  let [longest, silent] = [0, 0];
  for (let at = 0; at + 80 <= heard.length; at += 80) {
    silent = levelDbfs(heard.slice(at, at + 80)) < -50 ? silent + 10 : 0;
    longest = Math.max(longest, silent);
  }
  return longest;
};

const nothingIsOpen = (pool: MediaPool): Promise<unknown> =>
  until('nothing to be open', async () => JSON.stringify(value(await pool.counts())) === JSON.stringify(NONE), 20_000);

it('a talk of two processes, a caller with music and a recording go on without a gap while the app is killed and starts anew', async () => {
  const app = await lives.startApp(appId, NAMES);
  const [a, b] = [await party(app.pool, 440), await party(app.pool, 1000)];
  const waiting = await party(app.pool, 1800);
  const [recordingId, playId] = [newId<RecordingId>(), newId<PlayId>()];
  value(await app.pool.bridge(a.id, b.id));
  value(await app.pool.startRecording({ recordingId, path: 'talk.wav', codec: 'PCMA', near: a.id }));
  value(await app.pool.attachRecording(recordingId, 0, a.id));
  value(await app.pool.attachRecording(recordingId, 1, b.id));
  const sources = [{ kind: 'tone', tone: 'dial', country: 'cn', durationMs: 600_000 }] as const;
  value(await app.pool.play({ playId, endpointId: waiting.id, sources, loop: true }));
  const control = await openControl();
  value(await control.pool.play({ playId: newId(), endpointId: control.party.id, sources, loop: true }));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  await until('the music', () => [waiting, control.party].every(({ peer }) => peer.received.length > 20));
  const listening = [a, b, waiting];
  for (const { peer } of [...listening, control.party]) peer.clear();
  const sentBefore = a.peer.sent;
  await pause(500);

  await app.kill();
  await pause(1000);
  const { pool, events } = nextLife();
  const inherited = await pool.inherited();
  expect(inherited.endpoints.map(({ endpointId }) => endpointId).sort()).toEqual(listening.map(({ id }) => id).sort());
  expect(inherited.endpoints.find(({ endpointId }) => endpointId === a.id)).toMatchObject({
    ...{ state: 'open', codec: 'PCMA', bridgedTo: b.id },
  });
  expect(inherited).toMatchObject({ plays: [playId], recordings: [{ recordingId, path: 'talk.wav', state: 'open' }] });
  await pool.closeRest(all(inherited));
  await pause(700);

  // What is said comes, however late, and who hears music hears no less of it than another app's caller.
  const [sent, played] = [a.peer.sent - sentBefore, control.party.peer.received.length];
  await until('all that was said', () => b.peer.received.length > sent - 10, 20_000);
  await until('all of the music', () => waiting.peer.received.length >= played - 2, 20_000);
  for (const { peer } of listening) expect(peer.sequenceBreaks()).toBe(0);
  for (const one of listening) expect(longestGapMs(one)).toBeLessThanOrEqual(40);
  expect(events.filter(({ type }) => type !== 'sound-changed')).toEqual([]);
  expect(pool.processes().map(({ endpoints }) => endpoints)).toEqual([2, 1]);

  // As if nothing had happened.
  value(await pool.unbridge(a.id));
  value(await pool.stopPlay(playId));
  await until('the end of the music', () => events.some((one) => one.type === 'play-ended' && one.playId === playId));
  value(await pool.bridge(waiting.id, b.id));
  await Promise.all([hears(b, 1800), hears(waiting, 1000)]);
  const { durationMs } = value(await pool.stopRecording(recordingId));
  expect(durationMs).toBeGreaterThan(2200);
  const wav = value(readWav(await readFile(join(lives.recordingsDir, 'talk.wav'))));
  for (const [channel, hz] of [
    [0, 440],
    [1, 1000],
  ] as const) {
    const samples = fromPcm16(channelSamples(wav, channel));
    // From the first half second on, through the app's death and return, as well as the machine could.
    const pieces = Array.from({ length: 17 }, (_, index) => samples.slice(4000 + 800 * index, 4800 + 800 * index));
    expect(pieces.filter((piece) => hearsTone(piece, hz)).length).toBeGreaterThanOrEqual(15);
    expect(hearsTone(pieces.at(-1) ?? [], hz)).toBe(true);
  }
  for (const { id } of listening) value(await pool.closeEndpoint(id));
  control.pool.close();
  await nothingIsOpen(pool);
});

it('a process that dies after the app was killed loses no leg that the next start has taken over', async () => {
  const app = await lives.startApp(appId, NAMES);
  const [a, b] = [await party(app.pool, 440), await party(app.pool, 1000)];
  value(await app.pool.bridge(a.id, b.id));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  await app.kill();
  const { pool, events } = nextLife();
  pool.onEvent((event) => void reanswer(pool, event));
  await pool.closeRest(all(await pool.inherited()));
  await lives.killMedia('media-2');
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  expect(events.filter(({ type }) => type === 'endpoint-reopened')).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'endpoint-lost')).toHaveLength(0);
  for (const { id } of [a, b]) value(await pool.closeEndpoint(id));
  await lives.startMedia('media-2');
  await nothingIsOpen(pool);
});

it('legs of a process that has died with the app are known by another one, and opened anew', async () => {
  const app = await lives.startApp(appId, NAMES);
  const [a, b] = [await party(app.pool, 440), await party(app.pool, 1000)];
  const recordingId = newId<RecordingId>();
  value(await app.pool.bridge(a.id, b.id));
  value(await app.pool.startRecording({ recordingId, path: 'both.wav', codec: 'PCMA', near: b.id }));
  value(await app.pool.attachRecording(recordingId, 0, a.id));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  await Promise.all([app.kill(), lives.killMedia('media-2')]);
  const { pool, events } = nextLife();
  pool.onEvent((event) => void reanswer(pool, event));
  const inherited = await pool.inherited();
  expect(inherited.endpoints.map(({ endpointId, state }) => [endpointId, state])).toEqual(
    expect.arrayContaining([
      [a.id, 'open'],
      [b.id, 'away'],
    ]),
  );
  expect(inherited.recordings).toMatchObject([{ recordingId, state: 'interrupted' }]);
  expect(events).toEqual([]);
  await pool.closeRest(all(inherited));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  await until('the interruption', () => events.some(({ type }) => type === 'recording-interrupted'));
  const next = newId<RecordingId>();
  value(await pool.startRecording({ recordingId: next, path: 'both-2.wav', codec: 'PCMA', continues: recordingId }));
  await pause(600);
  value(await pool.stopRecording(next));
  const wav = value(readWav(await readFile(join(lives.recordingsDir, 'both-2.wav'))));
  expect(hearsTone(fromPcm16(channelSamples(wav, 0)).slice(-1600), 440)).toBe(true);
  for (const { id } of [a, b]) value(await pool.closeEndpoint(id));
  await lives.startMedia('media-2');
  await nothingIsOpen(pool);
});

it('what happened while nobody listened is told after the claim, and what nobody wants is closed', async () => {
  const app = await lives.startApp(appId, NAMES);
  const [a, b] = [await party(app.pool, 440), await party(app.pool, 1000)];
  const control = await openControl();
  for (const takeId of ['wanted', 'unwanted'])
    value(await app.pool.startTake({ takeId, endpointId: a.id, maxMs: 60_000 }));
  const playId = newId<PlayId>();
  const sources = [{ kind: 'silence', durationMs: 1200 }] as const;
  value(await app.pool.play({ playId, endpointId: a.id, sources }));
  await app.kill();
  a.peer.press(5);
  control.party.peer.press(5);
  value(await control.pool.play({ playId: newId(), endpointId: control.party.id, sources }));
  for (const type of ['digit', 'play-ended'])
    await until(`the ${type} of another app`, () => control.events.some((event) => event.type === type));
  control.pool.close();
  const { pool, events } = nextLife();
  const inherited = await pool.inherited();
  expect(inherited.endpoints).toHaveLength(2);
  expect(inherited.takes).toEqual(['wanted', 'unwanted']);
  await pause(100);
  expect(events).toEqual([]);
  await pool.closeRest({ ...NOTHING, endpoints: new Set([a.id]), takes: new Set(['wanted']) });
  const told = events.filter(({ type }) => type === 'digit' || type === 'play-ended');
  expect(told.sort((one, other) => one.type.localeCompare(other.type))).toMatchObject([
    { type: 'digit', endpointId: a.id, digit: '5' },
    { type: 'play-ended', playId, reason: 'finished' },
  ]);
  expect(value(await pool.counts())).toMatchObject({ endpoints: 1, portsInUse: 2 });
  expect(codeOf(await pool.bridge(a.id, b.id))).toBe('not_found');
  expect(codeOf(await pool.stopTake('unwanted'))).toBe('not_found');
  const { path, durationMs } = value(await pool.stopTake('wanted'));
  expect(durationMs).toBeGreaterThan(300);
  const taken = value(readWav(await readFile(join(lives.folder, 'sounds', path))));
  expect(toneLevelDbfs(fromPcm16(channelSamples(taken, 0)), 440)).toBeGreaterThan(-20);
  value(await pool.dropTake('wanted'));
  value(await pool.closeEndpoint(a.id));
  await nothingIsOpen(pool);
});

it('a mix of both processes with whispering, hidden keys and a recording is as it was', async () => {
  const app = await lives.startApp(appId, NAMES);
  const [a, b, c] = [await party(app.pool, 440), await party(app.pool, 1000), await party(app.pool, 1800)];
  const mixId = newId<MixId>();
  const member = (one: TestParty) => ({ endpointId: one.id, hears: 'all', speaks: 'all' }) as const;
  value(await app.pool.openMix({ mixId }));
  // What the third one says is for the first one alone.
  value(await app.pool.joinMix(mixId, [member(a), member(b), { ...member(c), speaks: [a.id] }]));
  value(await app.pool.hideDigits(b.id, true));
  const recordingId = newId<RecordingId>();
  value(await app.pool.startRecording({ recordingId, path: 'room.wav', codec: 'PCMA', nearMix: mixId }));
  value(await app.pool.attachMix(recordingId, 0, mixId));
  await Promise.all([hears(a, 1800), hears(b, 440), hears(c, 1000)]);
  for (const { peer } of parties) peer.clear();
  await app.kill();
  const { pool, events } = nextLife();
  const inherited = await pool.inherited();
  expect(inherited.mixes).toEqual([{ mixId, members: expect.arrayContaining([a.id, b.id, c.id]) }]);
  expect(inherited.endpoints.find(({ endpointId }) => endpointId === b.id)).toMatchObject({ mixId, hidesDigits: true });
  await pool.closeRest(all(inherited));
  await pause(600);
  for (const { peer } of [a, b, c]) expect(peer.sequenceBreaks()).toBe(0);
  for (const [one, hz] of [
    [a, 1000],
    [a, 1800],
    [b, 440],
    [c, 440],
  ] as const)
    expect(toneLevelDbfs(one.peer.heard(), hz)).toBeGreaterThan(-35);
  expect(toneLevelDbfs(b.peer.heard(), 1800)).toBeLessThan(-45);
  a.peer.clear();
  b.peer.press(7);
  await until('the key', () => events.some((event) => event.type === 'digit' && event.endpointId === b.id));
  expect(a.peer.received.some(({ payloadType }) => payloadType === 101)).toBe(false);
  const { durationMs } = value(await pool.stopRecording(recordingId));
  const room = fromPcm16(channelSamples(value(readWav(await readFile(join(lives.recordingsDir, 'room.wav')))), 0));
  expect(durationMs).toBeGreaterThan(600);
  for (const hz of [440, 1000]) expect(toneLevelDbfs(room, hz)).toBeGreaterThan(-40);
  // One more, who is heard; another one leaves.
  const d = await party(pool, 2600);
  value(await pool.joinMix(mixId, [member(d)]));
  await Promise.all([hears(a, 2600), hears(b, 2600), hears(d, 1000)]);
  value(await pool.leaveMix(b.id));
  value(await pool.closeMix(mixId));
  for (const { id } of [a, b, c, d]) value(await pool.closeEndpoint(id));
  await nothingIsOpen(pool);
});

it('the newer claim wins, and the older app is told and changes nothing any more', async () => {
  const app = await lives.startApp(appId, NAMES);
  const [a, b] = [await party(app.pool, 440), await party(app.pool, 1000)];
  value(await app.pool.bridge(a.id, b.id));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  for (const { peer } of parties) peer.clear();
  const { pool } = nextLife();
  await pool.closeRest(all(await pool.inherited()));
  await until('the end of the older one', async () => codeOf(await app.pool.closeEndpoint(a.id)) === 'ok');
  expect(codeOf(await app.pool.stats(b.id))).not.toBe('ok');
  await pause(500);
  for (const one of [a, b]) expect(longestGapMs(one)).toBeLessThanOrEqual(40);
  // It takes nothing for lost either, and has its peers told nothing.
  expect(app.events.filter(({ type }) => type === 'endpoint-lost' || type === 'endpoint-reopened')).toEqual([]);
  expect(value(await pool.counts())).toMatchObject({ endpoints: 2, bridges: 1 });
  for (const { id } of [a, b]) value(await pool.closeEndpoint(id));
  await nothingIsOpen(pool);
});

it('another app gets nothing, nor who does not know the secret, and what nobody claims is closed after its time', async () => {
  const app = await lives.startApp(appId, ['short']);
  const [a, b] = [await party(app.pool, 440), await party(app.pool, 1000)];
  value(await app.pool.bridge(a.id, b.id));
  await Promise.all([hears(a, 1000), hears(b, 440)]);
  await app.kill();
  const other = lives.openPool({ id: newToken(), life: newToken() }, { names: ['short'] });
  const stranger = lives.openPool({ id: appId, life: newToken() }, { names: ['short'], secret: 'guess' });
  const gotByStranger = stranger.inherited();
  expect((await other.inherited()).endpoints).toEqual([]);
  await other.closeRest(NOTHING);
  expect(value(await other.counts())).toMatchObject({ endpoints: 2, bridges: 1 });
  expect((await gotByStranger).endpoints).toEqual([]);
  await nothingIsOpen(other);
});
