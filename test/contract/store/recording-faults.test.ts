/** What may go wrong around recordings, or be done to them: on a real database and a real folder. */
import { Collection } from 'mongodb';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../../../base/log';
import { SecretBox } from '../../../base/secret-box';
import { rewrapKeys, wrappedKeyOf } from '../../../main/recordings/rewrap-keys';
import { deleteExpired } from '../../../store/recordings/delete-expired';
import { DiskStorage } from '../../../store/recordings/disk-storage';
import { RecordingKeeper } from '../../../store/recordings/keep-recordings';
import { hashOf } from '../../../store/recordings/manifest';
import { RecordingLibrary } from '../../../store/recordings/recording-library';
import type { RecordingStorage } from '../../../store/recordings/storage';
import { endFaultsOf } from '../../../store/recordings/verify';
import type { VerificationFault } from '../../../store/recordings/verify';
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
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  for (const name of ['interactions', 'recordings', 'recordingManifest', 'state'])
    await database.db.collection(name).deleteMany({});
  bench = await openRecordingsBench(database, box);
  ({ store, manifest, home, disk, clock } = bench);
});
afterEach(() => bench.close());

/** Each a second after the one before. */
const recorded = async (count: number): Promise<Made[]> => {
  const made: Made[] = [];
  for (let n = 0; n < count; n += 1) {
    clock.advance(1000);
    made.push(await recordedCall({ store, home, box, startedAtMs: clock.nowMs(), retentionDays: 1 }));
  }
  return made;
};

const moveFailures: string[] = [];
const keeper = (from: RecordingStorage = disk, archive?: RecordingStorage): RecordingKeeper =>
  new RecordingKeeper({
    ...{ index: store.recordings, manifest, disk: from, archive, clock, log },
    onMoveFailed: (path) => void moveFailures.push(path),
  });

const verified = (limit = 100): Promise<VerificationFault[]> =>
  allFaults({ manifest, index: store.recordings, storages: [disk] }, limit);

describe('an entry that somebody has put beside the chain', () => {
  const entries = () => database.db.collection<{ _id: unknown }>('recordingManifest');

  it.each<[string, unknown]>([
    ['with a number below the first', 0],
    ['with a number between two', 2.5],
    ['with a name in the place of a number', 'deleted'],
  ])('%s cannot say that a file was deleted by rule, and shows', async (_, id) => {
    const [made] = await recorded(4);
    await keeper().keepEnded();
    const [first, second] = await manifest.list(2, { from: 1 });
    if (!made || !first || !second) throw new Error('nothing was kept');
    const forged = { ...first, seq: id as number, kind: 'deleted' as const, previous: second.hash };
    const { seq: _seq, ...fields } = { ...forged, hash: hashOf(forged) };
    await entries().insertOne({ _id: id, ...fields });
    await rm(join(home, first.key));
    for (const limit of [1, 2, 100]) {
      const kinds = (await verified(limit)).map(({ kind }) => kind);
      expect(kinds).toContain('file-missing');
      expect(kinds).toContain('entry-changed');
    }
  });

  it('cannot vouch for a file that nobody has kept', async () => {
    await recorded(1);
    await keeper().keepEnded();
    const [first] = await manifest.list(1, { from: 1 });
    await writeFile(join(home, 'forged.wav'), 'RIFF');
    const { seq: _seq, ...fields } = { ...first, key: 'forged.wav' };
    await entries().insertOne({ _id: 'kept', ...fields });
    expect((await verified()).map(({ kind }) => kind)).toContain('file-unknown');
  });
});

it('a verification in the middle of an append finds no fault', async () => {
  await recorded(3);
  const keeping = keeper().keepEnded();
  const during = await Promise.all(Array.from({ length: 5 }, () => verified(1)));
  await keeping;
  expect(during.flat().filter(({ kind }) => kind !== 'file-unknown')).toEqual([]);
});

it('the chain goes on after an answer of the database that never came', async () => {
  await recorded(1);
  // The entry is there, but whoever has written it does not learn that.
  const once = jest.spyOn(Collection.prototype, 'insertOne').mockImplementationOnce(async function (
    this: Collection,
    document,
  ) {
    await this.insertMany([document]);
    throw new Error('connection closed');
  });
  await expect(keeper().keepEnded()).rejects.toThrow();
  once.mockRestore();
  expect(await keeper().keepEnded()).toBe(1);
  await recorded(1);
  expect(await keeper().keepEnded()).toBe(1);
  expect(await verified()).toEqual([]);
  manifest = await store.openManifest(box);
  expect(await endFaultsOf(manifest)).toEqual([]);
});

describe('a recording that cannot be handled', () => {
  const archiveOf = async (): Promise<DiskStorage> => new DiskStorage(await mkdtemp(join(home, 'archive-')));

  it('is passed over while it cannot be read, and the others are kept', async () => {
    const [broken, ...others] = await recorded(3);
    const sick: RecordingStorage = {
      kind: 'disk',
      open: async (key) => {
        const file = await disk.open(key);
        if (key !== broken?.key || !file) return file;
        return { ...file, close: () => file.close(), read: () => Promise.reject(new Error('EIO')) };
      },
      list: (after, limit) => disk.list(after, limit),
      put: (key, source) => disk.put(key, source),
      remove: (key) => disk.remove(key),
    };
    expect(await keeper(sick).keepEnded()).toBe(others.length);
    expect(await keeper().keepEnded()).toBe(1);
  });

  it('is passed over when its file is nowhere, is told of once, and the others are moved', async () => {
    moveFailures.length = 0;
    const [gone, ...others] = await recorded(3);
    const archive = await archiveOf();
    const mover = keeper(disk, { ...storageOf(archive), kind: 's3' });
    await mover.keepEnded();
    await rm(join(home, gone?.key ?? ''));
    expect(await mover.moveKept()).toBe(others.length);
    expect(await mover.moveKept()).toBe(0);
    await recorded(1);
    await mover.keepEnded();
    expect(await mover.moveKept()).toBe(1);
    expect(moveFailures).toEqual([gone?.interaction.recordings[0]?.path]);
  });

  it('stays behind, however many of them there are, and lets those after them go', async () => {
    const made = await recorded(5);
    const archive = storageOf(await archiveOf());
    const poison = new Set(made.slice(0, 4).map(({ key }) => key));
    const mover = keeper(disk, {
      ...archive,
      kind: 's3',
      put: (key, source) => (poison.has(key) ? Promise.reject(new Error('400')) : archive.put(key, source)),
    });
    await mover.keepEnded();
    const moved = [await mover.moveKept(), await mover.moveKept()];
    expect(moved).toEqual([0, 1]);
  });

  const storageOf = (storage: RecordingStorage): RecordingStorage => ({
    kind: storage.kind,
    open: (key) => storage.open(key),
    list: (after, limit) => storage.list(after, limit),
    put: (key, source) => storage.put(key, source),
    remove: (key) => storage.remove(key),
  });
});

describe('a recording whose time is over', () => {
  const expire = (storage: RecordingStorage): Promise<number> =>
    deleteExpired({
      ...{ index: store.recordings, manifest, storages: [storage], audit: store.audit, clock, log },
      retentionDays: undefined,
    });
  const hold = { reason: 'court order 17', byUserName: 'sue', atMs: 1 };

  it('cannot be held any more once its file is being removed', async () => {
    const [made] = await recorded(1);
    await keeper().keepEnded();
    clock.advance(2 * DAY_MS);
    let held: boolean | undefined;
    const slow = {
      kind: 'disk' as const,
      open: (key: string) => disk.open(key),
      list: () => Promise.resolve([]),
      put: () => Promise.resolve(),
      remove: async (key: string) => {
        held = await store.recordings.setHold(made?.recordingId ?? '', hold);
        return disk.remove(key);
      },
    };
    expect(await expire(slow)).toBe(1);
    expect(held).toBe(false);
  });

  it('can be held when its file could not be removed', async () => {
    const [made] = await recorded(1);
    await keeper().keepEnded();
    clock.advance(2 * DAY_MS);
    const away = {
      kind: 'disk' as const,
      open: (key: string) => disk.open(key),
      list: () => Promise.resolve([]),
      put: () => Promise.resolve(),
      remove: () => Promise.reject(new Error('the server is away')),
    };
    expect(await expire(away)).toBe(0);
    expect(await store.recordings.setHold(made?.recordingId ?? '', hold)).toBe(true);
    expect(await expire(disk)).toBe(0);
    expect(await disk.open(made?.key ?? '').then((file) => file?.close())).toBeUndefined();
    expect((await store.recordings.get(made?.recordingId ?? ''))?.state).toBe('kept');
  });
});

describe('a file in the place of another', () => {
  it('is not played, be it sealed for another recording or not sealed at all', async () => {
    const [one, other] = await recorded(2);
    if (!one || !other) throw new Error('nothing was recorded');
    await keeper().keepEnded();
    const library = new RecordingLibrary({ storages: [disk], box, wrappedKeyOf: wrappedKeyOf(store.recordings) });
    const path = one.interaction.recordings[0]?.path ?? '';
    await (await library.open(path, one.recordingId))?.close();
    await copyFile(join(home, other.key), join(home, one.key));
    await expect(library.open(path, one.recordingId)).rejects.toThrow(/its file is another recording's/);
    await rm(join(home, one.key));
    await writeFile(join(home, path), 'RIFF of somebody else');
    await expect(library.open(path, one.recordingId)).rejects.toThrow(/it was sealed, and its file is not/);
  });
});

it('keys that cannot be opened any more do not keep those of the others from being wrapped anew', async () => {
  const lostKey = new SecretBox([randomBytes(32)]);
  for (let n = 0; n < 3; n += 1) await recordedCall({ store, home, box: lostKey, startedAtMs: clock.nowMs() });
  await recorded(1);
  await keeper().keepEnded();
  const renewed = new SecretBox([keys[1], keys[0]]);
  const { recordings } = store;
  const index = {
    listWrappedBy: (keyIds: readonly string[], limit: number) => recordings.listWrappedBy(keyIds, Math.min(limit, 2)),
    rewrapped: recordings.rewrapped.bind(recordings),
  };
  expect(await rewrapKeys({ index, box: renewed, log })).toBe(1);
});
