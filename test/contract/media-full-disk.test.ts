/** A disk that becomes full while a media process records calls on it, and has room again. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { Alarms } from '../../base/alarms';
import { systemClock as clock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { InteractionId, RecordingId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { SecretBox } from '../../base/secret-box';
import { recordingsSchema } from '../../main/config/recordings';
import { DiskWatch } from '../../main/recordings/disk-watch';
import { openRecordingHouse } from '../../main/recordings/recording-house';
import type { RecordingHouse } from '../../main/recordings/recording-house';
import { sealRecordings } from '../../main/recordings/seal-recording';
import { MediaClient } from '../../media/client';
import { decodeG711 } from '../../media/codec/g711';
import type { RecordingSummary } from '../../media/ports';
import { openStore } from '../../store/connect';
import type { Store } from '../../store/connect';
import type { Interaction } from '../../store/interaction';
import { SOUNDS, codeOf, openParty, value } from '../support/media-bench';
import { findMediasoupWorker } from '../support/mediasoup-worker';
import { describeWithOwnMounts, seenFromHere, spawnOnDisk } from '../support/own-mounts';
import type { RtpPeer } from '../support/rtp-peer';
import { fromPcm16, hearsTone } from '../support/spectrum';
import { pause, until } from '../support/wait';
import { openDatabase } from './store/database';
import type { TestDatabase } from './store/database';

const ROOT = join(__dirname, '../..');
const program = join(ROOT, '.cache', `media-program-${process.pid}.cjs`);
const DISK_BYTES = 1024 * 1024;
/** Two seconds and a half of two parties. */
const ROOM_BYTES = 40 * 1024;
const WAV_HEADER_BYTES = 58;
const log = silentLogger();
const box = new SecretBox([randomBytes(32)]);

describeWithOwnMounts('a disk that becomes full', () => {
  let folder: string;
  let disk: string;
  let child: ChildProcess;
  let client: MediaClient;
  let database: TestDatabase;
  let store: Store;
  let house: RecordingHouse;
  let phones: RtpPeer[];
  const alarms = new Alarms({ clock, log });

  beforeAll(async () => {
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    const entryPoints = [join(ROOT, 'test/support/media-program.ts')];
    buildSync({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: program, packages: 'external' });
    folder = await mkdtemp(join(tmpdir(), 'switchroom-full-'));
    disk = join(folder, 'disk');
    await mkdir(disk);
    const socketPath = join(folder, 'media.sock');
    child = spawnOnDisk(disk, DISK_BYTES, [process.execPath, program, disk, socketPath, SOUNDS, findMediasoupWorker()]);
    const isReady = child.stdout && once(child.stdout, 'data');
    database = await openDatabase();
    store = await openStore({ uri: database.uri, database: database.db.databaseName, log, clock });
    await isReady;
    client = new MediaClient({ address: { socketPath }, secret: 'for this test', clock, log });
    await client.whenReady();
    const config = recordingsSchema.parse({ diskWarnPercent: 100, diskLimitPercent: 100 });
    const recordingsDir = join(folder, 'kept');
    await mkdir(recordingsDir);
    house = await openRecordingHouse({ store, recordingsDir, config, secrets: box, alarms, clock, log });
    house.watch(client);
    phones = [];
  }, 60_000);

  afterAll(async () => {
    for (const phone of phones) phone.close();
    client.close();
    child.kill('SIGKILL');
    await house.close();
    await store.close();
    await database.close();
    await rm(folder, { recursive: true });
    rmSync(program, { force: true });
  }, 30_000);

  const begin = async (path: string, parties: readonly { id: Parameters<MediaClient['bridge']>[0] }[]) => {
    const recordingId = newId<RecordingId>();
    value(await client.startRecording(sealRecordings(box)({ recordingId, path, codec: 'PCMA' })));
    for (const [channel, { id }] of parties.entries())
      value(await client.attachRecording(recordingId, channel as 0 | 1, id));
    return recordingId;
  };

  /** In pieces of 200 ms. */
  const isHeardThroughout = (samples: Float64Array, frequencyHz: number): boolean =>
    Array.from({ length: Math.floor(samples.length / 1600) }, (_, at) => samples.slice(at * 1600, (at + 1) * 1600))
      .map((piece) => hearsTone(piece, frequencyHz))
      .every(Boolean);

  /** Both sides of a file as it is played. */
  const played = async (path: string): Promise<[Float64Array, Float64Array]> => {
    const found = await house.library.open(path);
    if (!found) throw new Error(`there is no recording ${path}`);
    const bytes = (await found.read(0, found.sizeBytes)).subarray(WAV_HEADER_BYTES);
    await found.close();
    const side = (channel: 0 | 1): Float64Array =>
      fromPcm16(decodeG711('PCMA', Uint8Array.from(bytes.filter((_, at) => at % 2 === channel))));
    return [side(0), side(1)];
  };

  const entryOf = (recordingId: RecordingId, path: string, n: number) => ({
    ...{ n, recordingId, path, startedAtMs: clock.nowMs(), durationMs: 0, sizeBytes: 0 },
    channels: ['caller', 'agent'] as ['caller', 'agent'],
  });

  it('ends the recording where it is playable, raises the alarm, leaves the call its sound, and takes the next part when there is room', async () => {
    const seen = seenFromHere(child, disk);
    const watch = new DiskWatch({ dir: seen, diskWarnPercent: 85, diskLimitPercent: 97, alarms, clock, log });
    const ballast = join(seen, 'ballast');
    await writeFile(ballast, Buffer.alloc(DISK_BYTES - ROOM_BYTES));
    await watch.look();
    const [caller, agent] = [
      await openParty(client, { frequencyHz: 440 }),
      await openParty(client, { frequencyHz: 1000 }),
    ];
    phones.push(caller.peer, agent.peer);
    for (const phone of phones) phone.speak();
    value(await client.bridge(caller.id, agent.id));
    await until('both to be heard', () => phones.every((phone) => phone.received.length > 10));
    for (const phone of phones) phone.clear();
    const first = await begin('day/call-1.wav', [caller, agent]);
    await until('the alarm', () => alarms.recent.some(({ kind }) => kind === 'recording-failed'), 10_000);
    await watch.look();
    expect(codeOf(await client.stopRecording(first))).toBe('not_found');
    await pause(400);
    expect(isHeardThroughout(caller.peer.heard(), 1000)).toBe(true);
    expect(isHeardThroughout(agent.peer.heard(), 440)).toBe(true);
    const gaps = phones.map((phone) => lostOf(phone));
    expect(gaps).toEqual([0, 0]);

    await rm(ballast);
    await watch.look();
    const second = await begin('day/call-2.wav', [caller, agent]);
    await pause(1000);
    const { durationMs } = value(await client.stopRecording(second)) satisfies RecordingSummary;
    expect(durationMs).toBeGreaterThan(950);
    expect(alarms.recent.map(({ kind }) => kind).reverse()).toEqual([
      'disk-filling',
      'recording-failed',
      'disk-full',
      'disk-free',
    ]);
    expect(alarms.recent.find(({ kind }) => kind === 'recording-failed')).toMatchObject({
      message: 'A recording has failed, the call goes on: the disk is full.',
      details: { recordingId: first },
      cause: { key: 'disk-full' },
    });

    await cp(join(seen, 'recordings'), join(folder, 'kept'), { recursive: true });
    const atMs = clock.nowMs();
    const interaction: Interaction = {
      ...{ _id: newId<InteractionId>(), channel: 'voice', direction: 'inbound', startedAtMs: atMs, endedAtMs: atMs },
      ...{ caller: { number: '+4930123456' }, called: { number: '4000' }, digits: [], segments: [], parties: [] },
      recordings: [entryOf(first, 'day/call-1.wav', 1), entryOf(second, 'day/call-2.wav', 2)],
    };
    house.start();
    await house.saved(interaction);
    const verified = () => house.archive.verify({ from: 1, limit: 100 });
    await until('both parts to be kept', async () => (await verified()).entries === 2, 5000);
    expect(await verified()).toMatchObject({ entries: 2, files: 2, faults: [] });
    for (const [path, atLeastMs] of [
      ['day/call-1.wav', 1200],
      ['day/call-2.wav', 950],
    ] as const)
      for (const [channel, samples] of (await played(path)).entries()) {
        // The first moments may have been before the recorder heard anybody.
        expect(samples.length / 8).toBeGreaterThan(atLeastMs);
        expect(isHeardThroughout(samples.slice(800), [440, 1000][channel] ?? 0)).toBe(true);
      }
  }, 40_000);
});

/** Packets that never came, by their numbers. */
const lostOf = ({ received }: RtpPeer): number => {
  const numbers = received.map(({ sequenceNumber }) => sequenceNumber);
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
  return ((last - first) & 0xffff) + 1 - numbers.length;
};
