/** What the next life of an app makes of what the last one left in the processes, which only remember here. */
import { SimulatedClock } from '../../../../base/clock';
import { asId } from '../../../../base/ids';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import type { Inherited } from '../../../../media/pool/inheritance';
import { MediaPool } from '../../../../media/pool/pool';
import type { MediaEvent } from '../../../../media/ports';
import { ProcessDouble } from '../../../support/media-process-double';

let clock: SimulatedClock;
let processes: [ProcessDouble, ProcessDouble];
let events: MediaEvent[];
let killed: MediaPool;
let pools: MediaPool[];

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
};

/** A life of the app. One before it says nothing any more, and no process tells it anything. */
const start = (): MediaPool => {
  const pool = new MediaPool({
    processes: processes.map((process) => ({ name: process.name, port: process.port })),
    clock,
    log: silentLogger(),
  });
  pools.push(pool);
  pool.onEvent((event) => events.push(event));
  return pool;
};

beforeEach(() => {
  clock = new SimulatedClock();
  processes = [new ProcessDouble('one'), new ProcessDouble('two')];
  for (const process of processes) process.keeps = true;
  events = [];
  pools = [];
  killed = start();
});

afterEach(() => pools.forEach((pool) => pool.close()));

const open = async (pool: MediaPool, name: string, near?: EndpointId): Promise<EndpointId> => {
  const endpointId = asId<EndpointId>(name);
  const opened = await pool.openEndpoint({
    endpointId,
    kind: 'rtp',
    codecs: ['PCMU', 'PCMA'],
    offer: 'v=0',
    ...(near && { near }),
  });
  if (!opened.ok) throw new Error(opened.fault.message);
  await settle();
  return endpointId;
};

const done = async (asked: Promise<{ ok: boolean }>): Promise<void> => {
  expect(await asked).toMatchObject({ ok: true });
  await settle();
};

const all = ({ endpoints, recordings, mixes }: Inherited): Parameters<MediaPool['closeRest']>[0] => ({
  endpoints: new Set(endpoints.map(({ endpointId }) => endpointId)),
  recordings: new Set(recordings.map(({ recordingId }) => recordingId)),
  mixes: new Set(mixes.map(({ mixId }) => mixId)),
});

const takeOver = async (): Promise<{ pool: MediaPool; inherited: Inherited }> => {
  const pool = start();
  return { pool, inherited: await inheritedBy(pool) };
};

/** Those that are away are waited for. */
const inheritedBy = async (pool: MediaPool): Promise<Inherited> => {
  const asked = pool.inherited();
  for (let waited = 0; waited < 2100; waited += 20) {
    await settle();
    clock.advance(20);
  }
  return asked;
};

const loads = (pool: MediaPool): number[] => pool.processes().map(({ endpoints }) => endpoints);
const typesOf = (): string[] => events.map(({ type }) => type);
const forgetAsked = (): void => processes.forEach(({ asked }) => asked.splice(0));

it('the first life of all inherits nothing', async () => {
  expect(await killed.inherited()).toEqual({ endpoints: [], plays: [], recordings: [], mixes: [], takes: [] });
});

it('legs of two processes are bridged as they were, without a word to the processes, and the trunk ends with the bridge', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  await done(killed.bridge(a, b));
  forgetAsked();
  const { pool, inherited } = await takeOver();
  expect(inherited.endpoints).toMatchObject([
    { endpointId: 'a', state: 'open', codec: 'PCMA', bridgedTo: 'b' },
    { endpointId: 'b', state: 'open', bridgedTo: 'a' },
  ]);
  expect(loads(pool)).toEqual([1, 1]);
  await pool.closeRest(all(inherited));
  expect(processes.flatMap(({ asked }) => asked)).toEqual([]);
  await done(pool.unbridge(a));
  const closed = processes.map(({ asked }) => asked.filter((one) => one.startsWith('closeEndpoint')).length);
  expect(closed).toEqual([1, 1]);
});

it('a bridge to which the way was only being laid is laid', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  void killed.bridge(a, b);
  await Promise.resolve();
  await Promise.resolve();
  // As it was written down before the trunk was there, and what there was of it.
  const memos = processes.map((process) => new Map(process.memos));
  await settle();
  processes.forEach((process, index) => {
    for (const [subject, memo] of memos[index] ?? []) process.memos.set(subject, memo);
    process.opened.splice(1);
    process.asked.splice(0);
  });
  const { pool, inherited } = await takeOver();
  expect(inherited.endpoints).toMatchObject([{ bridgedTo: 'b' }, { bridgedTo: 'a' }]);
  await pool.closeRest(all(inherited));
  await settle();
  expect(processes.map(({ opened }) => opened.length)).toEqual([2, 2]);
  expect(processes.flatMap(({ asked }) => asked.filter((one) => one.startsWith('bridge')))).toHaveLength(2);
});

it('everything that has been kept of something closed is forgotten', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  const mixId = asId<MixId>('mix');
  await done(killed.openMix({ mixId }));
  await done(
    killed.joinMix(
      mixId,
      [a, b].map((endpointId) => ({ endpointId, hears: 'all', speaks: 'all' })),
    ),
  );
  expect(processes.map(({ memos }) => memos.size)).toEqual([3, 3]);
  await done(killed.closeMix(mixId));
  for (const endpointId of [a, b]) await done(killed.closeEndpoint(endpointId));
  expect(processes.map(({ memos }) => memos.size)).toEqual([0, 0]);
});

it('a further leg of an inherited call goes where that is', async () => {
  await open(killed, 'a');
  const b = await open(killed, 'b');
  const { pool, inherited } = await takeOver();
  await pool.closeRest(all(inherited));
  await open(pool, 'c', b);
  expect(loads(pool)).toEqual([1, 2]);
});

it('a leg whose process has died with the app is told of when the others are, and opened anew where its call is', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  await done(killed.bridge(a, b));
  await done(killed.hideDigits(b, true));
  await done(killed.detect(b, { fax: true }));
  pools.splice(0).forEach((pool) => pool.close());
  processes[1].die();
  const { pool, inherited } = await takeOver();
  expect(inherited.endpoints.find(({ endpointId }) => endpointId === b)).toMatchObject({ state: 'away', bridgedTo: a });
  expect(events).toEqual([]);
  await pool.closeRest(all(inherited));
  await settle();
  expect(events).toMatchObject([{ type: 'endpoint-reopened', endpointId: b, reason: 'process-lost' }]);
  expect(loads(pool)).toEqual([2, 0]);
  expect(processes[0].asked).toContain('hideDigits b true');
  expect(processes[0].asked).toContain('detect b {"fax":true}');
  await pool.acceptAnswer(b, 'v=0');
  await settle();
  expect(processes[0].asked).toContain('bridge a b');
});

it('a peer who may not have been told the new address is told it again', async () => {
  const a = await open(killed, 'a');
  processes[0].die();
  await settle();
  expect(typesOf()).toEqual(['endpoint-reopened']);
  events.length = 0;
  processes[0].comeBack();
  const { pool, inherited } = await takeOver();
  expect(inherited.endpoints).toMatchObject([{ endpointId: a, state: 'away' }]);
  expect(events).toEqual([]);
  await pool.closeRest(all(inherited));
  expect(events).toMatchObject([{ type: 'endpoint-reopened', endpointId: a }]);
});

it('what has ended while the app was away is told when everything else is restored', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  const playId = asId<PlayId>('music');
  await done(killed.play({ playId, endpointId: a, sources: [{ kind: 'music', name: 'default' }] }));
  await done(killed.bridge(b, await open(killed, 'c', b)));
  processes[0].emitLater({ type: 'play-ended', playId, endpointId: a, reason: 'finished' });
  processes[1].emitLater({ type: 'endpoint-lost', endpointId: b, reason: 'media-timeout' });
  const { pool, inherited } = await takeOver();
  expect(inherited.plays).toEqual([playId]);
  expect(inherited.endpoints).toHaveLength(3);
  await pool.closeRest(all(inherited));
  expect(typesOf().sort()).toEqual(['endpoint-lost', 'play-ended']);
  expect(await pool.stats(b)).toMatchObject({ ok: false });
  // Nothing is left of it: another play of the same name may begin.
  await done(pool.play({ playId, endpointId: a, sources: [{ kind: 'music', name: 'default' }] }));
});

it('a leg that is gone although nobody has told so is lost at last', async () => {
  const a = await open(killed, 'a');
  processes[0].opened.length = 0;
  const { pool, inherited } = await takeOver();
  await pool.closeRest(all(inherited));
  expect(events).toEqual([{ type: 'endpoint-lost', endpointId: a, reason: 'process-lost' }]);
});

it('what was just being opened, and what is not understood, is closed', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  processes[0].memos.delete(a);
  processes[1].memos.delete(a);
  for (const { memos } of processes) memos.set(b, { version: 99, kind: 'endpoint' });
  const { pool, inherited } = await takeOver();
  expect(inherited.endpoints).toEqual([]);
  expect(processes.map(({ opened }) => opened.length)).toEqual([0, 0]);
  expect(processes.map(({ memos }) => memos.size)).toEqual([0, 0]);
  await pool.closeRest(all(inherited));
});

it('of what is inherited only what is wanted stays, and what is new is left alone', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  const recordingId = asId<RecordingId>('recording');
  await done(killed.startRecording({ recordingId, path: 'one.wav', codec: 'PCMA', near: a }));
  await done(killed.attachRecording(recordingId, 0, a));
  const { pool } = await takeOver();
  await open(pool, 'new');
  await pool.closeRest({ endpoints: new Set([b]), recordings: new Set(), mixes: new Set() });
  expect(processes.flatMap(({ opened }) => opened.map(({ endpointId }) => endpointId)).sort()).toEqual(['b', 'new']);
  expect(processes[0].asked).toContain('stopRecording recording');
});

it('a masked recording of a process that died with the app goes on masked', async () => {
  const [a, b] = [await open(killed, 'a'), await open(killed, 'b')];
  const [recordingId, next] = [asId<RecordingId>('first'), asId<RecordingId>('second')];
  await done(killed.startRecording({ recordingId, path: 'one.wav', codec: 'PCMA', near: b }));
  await done(killed.attachRecording(recordingId, 0, a));
  await done(killed.maskRecording(recordingId, 60_000));
  processes[1].die();
  pools[0]?.close();
  events.length = 0;
  forgetAsked();
  processes[1].comeBack();
  clock.advance(20_000);
  const { pool, inherited } = await takeOver();
  expect(inherited.recordings).toEqual([{ recordingId, path: 'one.wav', state: 'interrupted', masked: true }]);
  await pool.closeRest(all(inherited));
  await settle();
  expect(typesOf()).toContain('recording-interrupted');
  await done(
    pool.startRecording({ recordingId: next, path: 'two.wav', codec: 'PCMA', near: a, continues: recordingId }),
  );
  expect(processes[0].asked).toContain('maskRecording second 37900');
  expect(processes[0].asked).toContain('attachRecording second 0 a');
});

it('a mix whose process has died with the app is mixed where somebody still is', async () => {
  const [a, b, c] = [await open(killed, 'a'), await open(killed, 'b'), await open(killed, 'c')];
  const mixId = asId<MixId>('mix');
  await done(killed.openMix({ mixId, tones: true }));
  const member = (endpointId: EndpointId) => ({ endpointId, hears: 'all', speaks: 'all', gainDb: 3 }) as const;
  await done(killed.joinMix(mixId, [a, b, c].map(member)));
  pools[0]?.close();
  processes[0].die();
  const { pool, inherited } = await takeOver();
  expect(inherited.mixes).toEqual([{ mixId, members: [a, b, c] }]);
  await pool.closeRest(all(inherited));
  await settle();
  expect(processes[1].asked).toContain('openMix {"mixId":"mix","tones":true}');
  for (const endpointId of [a, c]) await pool.acceptAnswer(endpointId, 'v=0');
  await settle();
  const joined = processes[1].asked.filter((one) => one.startsWith('joinMix mix')).at(-1);
  for (const endpointId of [a, b, c]) expect(processes[1].asked.join()).toContain(`"endpointId":"${endpointId}"`);
  expect(joined).toContain('"gainDb":3');
});

it('a process that comes late takes no calls before it has closed what nobody can claim any more', async () => {
  await open(killed, 'a');
  const b = await open(killed, 'b');
  for (const { memos } of processes) memos.delete(b);
  processes[1].goAway();
  const pool = start();
  expect((await inheritedBy(pool)).endpoints).toHaveLength(1);
  processes[1].comeBack();
  expect(pool.processes()[1]).toMatchObject({ state: 'ready' });
  await open(pool, 'c');
  expect(loads(pool)).toEqual([2, 0]);
  await settle();
  expect(processes[1].opened).toEqual([]);
  await open(pool, 'd');
  expect(loads(pool)).toEqual([2, 1]);
});
