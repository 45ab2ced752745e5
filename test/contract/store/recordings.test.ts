/** A recording's life after its call, on a real database, a real folder and a real S3-compatible server. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asId } from '../../../base/ids';
import type { AgentId, QueueId, TrunkId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { SecretBox } from '../../../base/secret-box';
import { rewrapKeys, wrappedKeyOf } from '../../../main/recordings/rewrap-keys';
import { openStore } from '../../../store/connect';
import type { Interaction } from '../../../store/interaction';
import { deleteExpired } from '../../../store/recordings/delete-expired';
import { DiskStorage } from '../../../store/recordings/disk-storage';
import { RecordingKeeper } from '../../../store/recordings/keep-recordings';
import type { RecordingFilter } from '../../../store/recordings/recording-index';
import { RecordingLibrary } from '../../../store/recordings/recording-library';
import { S3Storage } from '../../../store/recordings/s3-storage';
import type { RecordingStorage } from '../../../store/recordings/storage';
import { endFaultsOf } from '../../../store/recordings/verify';
import type { VerificationFault } from '../../../store/recordings/verify';
import { startS3Server } from '../../support/s3-server';
import { allFaults } from './all-faults';
import { openDatabase } from './database';
import type { TestDatabase } from './database';
import { recordedCall } from './recorded-call';
import type { Made } from './recorded-call';
import { openRecordingsBench } from './recordings-bench';
import type { RecordingsBench } from './recordings-bench';

const DAY_MS = 86_400_000;
const log = silentLogger();
const keys = [randomBytes(32), randomBytes(32)] as const;
const box = new SecretBox([keys[0]]);

let database: TestDatabase;
let bench: RecordingsBench;
let store: RecordingsBench['store'];
let manifest: RecordingsBench['manifest'];
let home: RecordingsBench['home'];
let disk: RecordingsBench['disk'];
let clock: RecordingsBench['clock'];
beforeEach(async () => {
  database = await openDatabase();
  bench = await openRecordingsBench(database, box);
  ({ store, manifest, home, disk, clock } = bench);
});
afterEach(async () => {
  await bench.close();
  await database.close();
});

const recorded = (
  change: Partial<Interaction> = {},
  entry: { retentionDays?: number; isMessage?: boolean } = {},
): Promise<Made> =>
  recordedCall({ store, home, box, startedAtMs: change.startedAtMs ?? clock.nowMs(), change, ...entry });

const keeper = (archive?: RecordingStorage, onMoveFailed = (): void => undefined): RecordingKeeper =>
  new RecordingKeeper({ index: store.recordings, manifest, disk, archive, clock, log, onMoveFailed });

const verified = (storages: readonly RecordingStorage[] = [disk], limit = 100): Promise<VerificationFault[]> =>
  allFaults({ manifest, index: store.recordings, storages }, limit);

const found = async (filter: Partial<RecordingFilter>): Promise<string[]> => {
  const page = await store.recordings.list({ limit: 50, ...filter });
  if (!page.ok) throw new Error(page.fault.message);
  return page.value.items.map(({ _id }) => _id);
};

describe('the index of recordings', () => {
  it('finds them by time, agent, party, number, queue, trunk, direction and state, page by page', async () => {
    const at = clock.nowMs();
    const first = await recorded({
      startedAtMs: at,
      agentId: asId<AgentId>('anna'),
      queueId: asId<QueueId>('sales'),
      trunkId: asId<TrunkId>('carrier-a'),
      parties: [
        { role: 'agent', id: 'ben', joinedAtMs: at },
        { role: 'called', id: '2001', joinedAtMs: at },
      ],
    });
    const second = await recorded({
      startedAtMs: at + 1000,
      direction: 'outbound',
      caller: { number: '4000' },
      called: { number: '+8613800000000' },
      agentId: asId<AgentId>('ben'),
      queueId: asId<QueueId>('support'),
      trunkId: asId<TrunkId>('carrier-b'),
    });
    const [a, b] = [first.recordingId, second.recordingId];
    expect(await found({})).toEqual([b, a]);
    expect(await found({ fromMs: at + 1 })).toEqual([b]);
    expect(await found({ toMs: at + 1000 })).toEqual([a]);
    expect(await found({ agentId: 'anna' })).toEqual([a]);
    expect(await found({ agentId: 'ben' })).toEqual([b, a]);
    expect(await found({ partyId: '2001' })).toEqual([a]);
    expect(await found({ queueId: 'support' })).toEqual([b]);
    expect(await found({ trunkId: 'carrier-a' })).toEqual([a]);
    expect(await found({ number: '+86138' })).toEqual([b]);
    expect(await found({ number: '4000' })).toEqual([b, a]);
    expect(await found({ direction: 'inbound' })).toEqual([a]);
    expect(await found({ state: 'kept' })).toEqual([]);
    const page = await store.recordings.list({ limit: 1 });
    const cursor = page.ok ? page.value.nextCursor : undefined;
    expect(await found({ limit: 1, cursor })).toEqual([a]);
    expect(await store.recordings.list({ limit: 1, cursor: 'none' })).toMatchObject({
      ok: false,
      fault: { code: 'bad_input' },
    });
  });

  it('follows the interaction until its end, and keeps what was done to the recording', async () => {
    const { interaction, recordingId } = await recorded();
    await keeper().keepEnded();
    await store.recordings.observe({ ...interaction, agentId: asId<AgentId>('carl') });
    expect(await store.recordings.get(recordingId)).toMatchObject({ state: 'kept', agentIds: ['carl'] });
  });

  it('has the recordings of a database from before', async () => {
    const { recordingId } = await recorded();
    await database.db.collection('recordings').drop();
    await database.db.collection<{ _id: number }>('migrations').deleteOne({ _id: 6 });
    await (await openStore({ uri: database.uri, database: database.db.databaseName, log, clock })).close();
    expect(await found({})).toEqual([recordingId]);
  });
});

describe('keeping', () => {
  it('waits for a file that is still written, and gives up one that is not there after a while', async () => {
    const open = await recorded();
    await writeFile(join(home, `${open.key}.open`), '');
    const gone = await recorded();
    await rm(join(home, gone.key));
    expect(await keeper().keepEnded()).toBe(0);
    await rm(join(home, `${open.key}.open`));
    clock.advance(20 * 60_000);
    expect(await keeper().keepEnded()).toBe(1);
    expect(await found({ state: 'kept' })).toEqual([open.recordingId]);
    expect(await found({ state: 'lost' })).toEqual([gone.recordingId]);
    expect(await verified()).toEqual([]);
  });

  it('moves to the archive, from where they are read in ranges, and keeps no copy on the disk', async () => {
    const s3 = await startS3Server();
    try {
      const made = await recorded();
      const archive = new S3Storage(s3.options);
      await keeper(archive).keepEnded();
      expect(await keeper(archive).moveKept()).toBe(1);
      expect(await readdir(dirname(join(home, made.key)))).toEqual([]);
      const library = new RecordingLibrary({ storages: [disk, archive], box });
      const file = await library.open(made.interaction.recordings[0]?.path ?? '');
      expect((await file?.read(36 * 100, 36))?.toString()).toBe(made.recordingId);
      expect(file?.sizeBytes).toBe(36 * 250);
      expect(await verified([disk, archive])).toEqual([]);
      expect(await store.recordings.get(made.recordingId)).toMatchObject({ storage: 's3' });
    } finally {
      await s3.close();
    }
  }, 60_000);

  it('stays on the disk while the archive is away, says so once, and moves when it is back', async () => {
    const s3 = await startS3Server();
    const dead: RecordingStorage = {
      kind: 's3',
      open: () => Promise.resolve(undefined),
      list: () => Promise.resolve([]),
      put: () => Promise.reject(new Error('connection refused')),
      remove: () => Promise.resolve(false),
    };
    const alarms: string[] = [];
    try {
      const made = await recorded();
      const failing = keeper(dead, () => void alarms.push('move failed'));
      await failing.keepEnded();
      expect([await failing.moveKept(), await failing.moveKept()]).toEqual([0, 0]);
      expect(alarms).toEqual(['move failed']);
      expect(await readdir(dirname(join(home, made.key)))).toHaveLength(1);
      // Another start of the app, which knows only what the index says.
      expect(await keeper(new S3Storage(s3.options)).moveKept()).toBe(1);
    } finally {
      await s3.close();
    }
  }, 60_000);

  it('does not take the copy on the disk away when the archive gives something else back', async () => {
    const made = await recorded();
    const lying = new DiskStorage(join(home, 'archive'));
    const archive: RecordingStorage = {
      kind: 's3',
      open: (key) => lying.open(key),
      list: (after, limit) => lying.list(after, limit),
      put: (key) => lying.put(key, { sizeBytes: 4, read: () => Promise.resolve(Buffer.from('else')) }),
      remove: (key) => lying.remove(key),
    };
    await mkdir(join(home, 'archive'));
    await keeper(archive).keepEnded();
    expect(await keeper(archive).moveKept()).toBe(0);
    expect((await readFile(join(home, made.key))).length).toBeGreaterThan(9000);
  });
});

describe('the manifest', () => {
  const threeKept = async (): Promise<Made[]> => {
    const made = [await recorded(), await recorded(), await recorded()];
    await keeper().keepEnded();
    return made;
  };
  const entries = () => database.db.collection<{ _id: number; sha256: string; hash: string }>('recordingManifest');

  it('vouches for files that are as they were, also when it is read piece by piece', async () => {
    await threeKept();
    expect(await verified([disk], 2)).toEqual([]);
  });

  it.each<[string, (made: Made[]) => Promise<unknown>, string, (made: Made[]) => string]>([
    [
      'a file that was changed',
      async ([, second]) => {
        const file = join(home, second?.key ?? '');
        const bytes = await readFile(file);
        bytes[700] = (bytes[700] ?? 0) ^ 1;
        await writeFile(file, bytes);
      },
      'file-changed',
      ([, second]) => `The recording ${second?.key} is not the file that was kept.`,
    ],
    [
      'a file that was removed',
      async ([, , third]) => rm(join(home, third?.key ?? '')),
      'file-missing',
      ([, , third]) => `The recording ${third?.key} is missing.`,
    ],
    [
      'a file that was removed, and marked as deleted in the index',
      async ([first]) => {
        await rm(join(home, first?.key ?? ''));
        await store.recordings.deleted(asId(first?.recordingId ?? ''), clock.nowMs());
      },
      'file-missing',
      ([first]) => `The recording ${first?.key} is missing.`,
    ],
    [
      'an entry that was removed',
      () => entries().deleteOne({ _id: 2 }),
      'entries-missing',
      ([, , third]) => `Entry 3 of the manifest, about ${third?.key}, does not follow the one before it`,
    ],
    [
      'an entry that was changed',
      () => entries().updateOne({ _id: 2 }, { $set: { fileBytes: 1 } }),
      'entry-changed',
      ([, second]) => `Entry 2 of the manifest, about ${second?.key}, was changed.`,
    ],
    ['a last entry that was removed', () => entries().deleteOne({ _id: 3 }), 'end-changed', () => 'ends with entry 2'],
    [
      'a seal that somebody else has made',
      () => store.state.set('recording-manifest-head', new SecretBox([keys[1]]).seal('{}', 'recordings/manifest')),
      'end-changed',
      () => 'a seal by none of our keys',
    ],
    [
      'a seal that was taken away',
      () => database.db.collection<{ _id: string }>('state').deleteOne({ _id: 'recording-manifest-head' }),
      'end-changed',
      () => 'no seal',
    ],
  ])('shows %s', async (_, tamper, kind, message) => {
    const made = await threeKept();
    // In the order in which they were kept: all began in the same millisecond.
    const kept = (await manifest.list(3, { from: 1 })).map(
      ({ recordingId }) => made.find((one) => one.recordingId === recordingId) as Made,
    );
    await tamper(kept);
    const faults = await verified();
    expect(faults).toContainEqual(expect.objectContaining({ kind }));
    expect(faults.map((fault) => fault.message).join('\n')).toContain(message(kept));
  });

  it('shows files that nobody has kept, also piece by piece, and none that is still to be kept', async () => {
    const made = await threeKept();
    const running = await recorded({ endedAtMs: undefined });
    await writeFile(join(home, `${running.key}.open`), 'media-1');
    await recorded();
    await mkdir(join(home, '2025-12-31'));
    const strangers = ['2025-12-31/copied.wav', '2026-01-01/a.mp3', 'z.wav.sealed'];
    for (const key of strangers) await writeFile(join(home, key), 'stranger');
    await writeFile(join(home, 'unindexed.wav'), 'RIFF');
    await writeFile(join(home, 'unindexed.wav.open'), 'media-2');
    for (const limit of [1, 2, 100]) {
      const faults = await verified([disk], limit);
      expect(faults).toEqual(strangers.map((key) => ({ kind: 'file-unknown', message: expect.any(String), key })));
      expect(faults[0]?.message).toBe('The manifest does not know the file 2025-12-31/copied.wav.');
    }
    await rm(join(home, made[0]?.key ?? ''));
    const kinds = (await verified()).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['file-missing', 'file-unknown', 'file-unknown', 'file-unknown']);
  });

  it('shows entries that were exchanged', async () => {
    await threeKept();
    const [second, third] = [await entries().findOne({ _id: 2 }), await entries().findOne({ _id: 3 })];
    const { _id: _two, ...two } = second ?? { _id: 0 };
    const { _id: _three, ...three } = third ?? { _id: 0 };
    await entries().replaceOne({ _id: 2 }, three as never);
    await entries().replaceOne({ _id: 3 }, two as never);
    expect((await verified()).map(({ kind }) => kind)).toContain('entry-changed');
  });

  it('goes on after a crash between seal and entry, and after a change of the end without hiding it', async () => {
    await threeKept();
    await entries().deleteOne({ _id: 3 });
    // Exactly what a crash leaves: the seal has entry 3, the chain has not.
    manifest = await store.openManifest(box);
    expect(await verified()).toEqual([]);
    await entries().deleteMany({ _id: { $gte: 2 } });
    manifest = await store.openManifest(box);
    expect(await endFaultsOf(manifest)).toHaveLength(1);
    await recorded();
    await keeper().keepEnded();
    expect((await verified()).map(({ kind }) => kind)).toContain('entries-missing');
  });

  it('is sealed by the new master key after an exchange', async () => {
    await threeKept();
    await store.openManifest(new SecretBox([keys[1], keys[0]]));
    manifest = await store.openManifest(new SecretBox([keys[1]]));
    expect(await verified()).toEqual([]);
  });
});

describe('retention', () => {
  const expire = (retentionDays?: number): Promise<number> =>
    deleteExpired({
      index: store.recordings,
      manifest,
      storages: [disk],
      audit: store.audit,
      retentionDays,
      clock,
      log,
    });

  it('deletes what is over by its own days or by the default, with a trace in audit and manifest', async () => {
    const short = await recorded({}, { retentionDays: 10 });
    const long = await recorded({}, { retentionDays: 100 });
    const usual = await recorded();
    await keeper().keepEnded();
    clock.advance(10 * DAY_MS - 1);
    expect(await expire(30)).toBe(0);
    clock.advance(1);
    expect(await expire(30)).toBe(1);
    expect(await store.recordings.get(short.recordingId)).toMatchObject({ state: 'deleted' });
    expect(await disk.open(short.key)).toBeUndefined();
    clock.advance(20 * DAY_MS);
    expect(await expire()).toBe(0);
    expect(await expire(30)).toBe(1);
    expect(await found({ state: 'kept' })).toEqual([long.recordingId]);
    expect(await store.audit.list({ limit: 10 })).toMatchObject([
      { action: 'recording-deleted', userName: 'retention', detail: { recordingId: usual.recordingId } },
      { action: 'recording-deleted', userName: 'retention', detail: { recordingId: short.recordingId } },
    ]);
    expect(await verified()).toEqual([]);
    await writeFile(join(home, short.key), 'put back');
    expect(await verified()).toMatchObject([{ kind: 'file-unknown', key: short.key }]);
  });

  it('never deletes what is held, until it is released', async () => {
    const { recordingId, key } = await recorded({}, { retentionDays: 1 });
    await keeper().keepEnded();
    const hold = { reason: 'court order 17', byUserName: 'sue', atMs: clock.nowMs() };
    expect(await store.recordings.setHold(recordingId, hold)).toBe(true);
    expect(await found({ held: true })).toEqual([recordingId]);
    clock.advance(1000 * DAY_MS);
    expect(await expire(1)).toBe(0);
    expect(await disk.remove(`${key}.open`)).toBe(false);
    await store.recordings.setHold(recordingId, undefined);
    expect(await expire(1)).toBe(1);
    expect(await store.recordings.setHold(recordingId, hold)).toBe(false);
  });
});

it('messages are found by whether somebody has heard them, and stay marked when their interaction is saved again', async () => {
  const { recordingId } = await recorded();
  const first = await recorded({}, { isMessage: true });
  const second = await recorded({}, { isMessage: true });
  await recorded({}, { isMessage: false });
  const heard = { byUserName: 'sue', atMs: clock.nowMs() };
  expect(await store.recordings.setHeard(first.recordingId, heard)).toBe(true);
  await store.recordings.observe(first.interaction);
  expect(await found({ messages: 'heard' })).toEqual([first.recordingId]);
  expect(await found({ messages: 'new' })).toEqual([second.recordingId]);
  expect((await found({ messages: 'all' })).sort()).toEqual([first.recordingId, second.recordingId].sort());
  expect(await store.recordings.setHeard(first.recordingId, undefined)).toBe(true);
  expect(await found({ messages: 'heard' })).toEqual([]);
  expect(await store.recordings.setHeard(recordingId, heard)).toBe(false);
  await store.recordings.deleted(second.recordingId, clock.nowMs());
  expect(await found({ messages: 'new' })).toEqual([first.recordingId]);
  expect(await store.recordings.setHeard(second.recordingId, heard)).toBe(false);
});

it('keys of recordings are wrapped anew after an exchange, so that the old master key may go', async () => {
  const { interaction } = await recorded();
  await keeper().keepEnded();
  const index = store.recordings;
  expect(await rewrapKeys({ index, box, log })).toBe(0);
  expect(await rewrapKeys({ index, box: new SecretBox([keys[1], keys[0]]), log })).toBe(1);
  const storages = [disk];
  const renewed = new SecretBox([keys[1]]);
  const library = new RecordingLibrary({ storages, box: renewed, wrappedKeyOf: wrappedKeyOf(index) });
  const file = await library.open(interaction.recordings[0]?.path ?? '');
  expect(file?.sizeBytes).toBe(36 * 250);
  await file?.close();
});
