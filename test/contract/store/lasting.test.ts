/** Records that end by themselves: in memory as in the database. */
import { SimulatedClock } from '../../../base/clock';
import type { LastingStore } from '../../../base/lasting';
import { silentLogger } from '../../../base/log';
import { openStore } from '../../../store/connect';
import { MemoryLastingStore } from '../../support/memory-lasting';
import { openDatabase } from './database';

/** Far ahead, so that no database removes it while the test runs. */
const NOW_MS = 4_000_000_000_000;

interface Subject {
  readonly store: LastingStore<unknown>;
  close(): Promise<void>;
}

const subjects: Record<string, () => Promise<Subject>> = {
  'in memory': () => Promise.resolve({ store: new MemoryLastingStore<unknown>(), close: () => Promise.resolve() }),
  'in the database': async () => {
    const database = await openDatabase();
    const { uri, db } = database;
    const store = await openStore({
      uri,
      database: db.databaseName,
      log: silentLogger(),
      clock: new SimulatedClock(),
    });
    return {
      store: store.lasting('guard'),
      close: async () => {
        await store.close();
        await database.close();
      },
    };
  },
};

describe.each(Object.entries(subjects))('records %s', (_name, open) => {
  let subject: Subject;
  let store: LastingStore<unknown>;
  beforeAll(async () => {
    subject = await open();
    ({ store } = subject);
  });
  afterAll(() => subject.close());

  it('come back as they were, whatever the names within them', async () => {
    const value = { 'a.b': { $set: 1, '0': ['ü', null, true] } };
    await store.save({ id: 'source:192.0.2.1', value, expiresAtMs: NOW_MS + 1 });
    expect(await store.list(NOW_MS, 10)).toEqual([{ id: 'source:192.0.2.1', value, expiresAtMs: NOW_MS + 1 }]);
  });

  it('are replaced by a later one of the same id', async () => {
    await store.save({ id: 'source:192.0.2.1', value: 2, expiresAtMs: NOW_MS + 5 });
    expect(await store.list(NOW_MS, 10)).toEqual([{ id: 'source:192.0.2.1', value: 2, expiresAtMs: NOW_MS + 5 }]);
  });

  it('are gone when they have expired, at that very moment', async () => {
    expect(await store.list(NOW_MS + 4, 10)).toHaveLength(1);
    expect(await store.list(NOW_MS + 5, 10)).toEqual([]);
  });

  it('come those first that expire last, no more than asked for', async () => {
    await store.save({ id: 'short', value: 1, expiresAtMs: NOW_MS + 1 });
    await store.save({ id: 'long', value: 3, expiresAtMs: NOW_MS + 9 });
    expect((await store.list(NOW_MS, 2)).map(({ id }) => id)).toEqual(['long', 'source:192.0.2.1']);
  });

  it('are removed, also when there is none', async () => {
    await store.remove('long');
    await store.remove('long');
    expect((await store.list(NOW_MS, 10)).map(({ id }) => id)).toEqual(['source:192.0.2.1', 'short']);
  });
});
