/** What the driver has given up may land all the same, after what was written since. */
import { MongoNetworkError } from 'mongodb';
import type { Collection, Db } from 'mongodb';
import { systemClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { InteractionId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import type { Interaction } from '../../../store/interaction';
import { MongoInteractionStore } from '../../../store/interactions';
import { MongoLastingStore } from '../../../store/lasting';
import { migrate } from '../../../store/migrations/migrate';
import { WriteOrder } from '../../../store/write-order';
import { openDatabase, type TestDatabase } from './database';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await openDatabase();
  await migrate({ db: database.db, clock: systemClock, log: silentLogger() });
  db = withLostWay(database.db);
});
afterAll(() => database.close());

/** Whether the way is lost: what is sent is refused at once, and lands when the way is healed. */
let isLost = false;
const underWay: (() => Promise<unknown>)[] = [];

const lost = async (work: () => Promise<unknown>): Promise<void> => {
  isLost = true;
  await expect(work()).rejects.toMatchObject({ code: 'unavailable' });
  isLost = false;
};

/** What was under way lands; what it comes to nobody hears. */
const heal = async (): Promise<void> => {
  expect(underWay.length).toBeGreaterThan(0);
  for (const land of underWay.splice(0)) await land().catch(() => undefined);
};

const withLostWay = (real: Db): Db =>
  ({ collection: (name: string) => overLostWay(real.collection(name)) }) as unknown as Db;

const overLostWay = (real: Collection): Collection =>
  new Proxy(real, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return (...of: unknown[]): unknown => {
        const send = (): unknown => Reflect.apply(method, target, of);
        if (!isLost) return send();
        underWay.push(() => Promise.resolve(send()));
        return Promise.reject(new MongoNetworkError('the way is lost'));
      };
    },
  });

describe('of lasting records', () => {
  const expiresAtMs = systemClock.nowMs() + 3_600_000;
  const record = (id: string, value: number) => ({ id, value, expiresAtMs });
  let order: WriteOrder;
  let store: MongoLastingStore<number>;
  beforeEach(async () => {
    order = new WriteOrder();
    store = new MongoLastingStore<number>(db, 'liveCalls', order);
    await database.db.collection('liveCalls').deleteMany({});
  });
  const values = async (): Promise<number[]> =>
    (await store.list(systemClock.nowMs(), 10)).map(({ value }) => value).sort();

  it('the last word stays', async () => {
    await store.save(record('call', 1));
    await lost(() => store.save(record('call', 2)));
    await store.save(record('call', 3));
    await heal();
    expect(await values()).toEqual([3]);
  });

  it('the first word lands where there was none', async () => {
    await lost(() => store.save(record('call', 1)));
    await heal();
    expect(await values()).toEqual([1]);
  });

  it('what is removed stays removed', async () => {
    await store.save(record('other', 7));
    await lost(() => store.save(record('call', 1)));
    await store.remove('call');
    await heal();
    expect(await values()).toEqual([7]);
    await lost(() => store.save(record('call', 2)));
    await store.remove('call');
    await heal();
    expect(await values()).toEqual([7]);
  });

  it('what is there again is not removed', async () => {
    await store.save(record('call', 1));
    await lost(() => store.remove('call'));
    await store.save(record('call', 2));
    await heal();
    expect(await values()).toEqual([2]);
  });

  it('what was removed can be there again', async () => {
    await lost(() => store.save(record('call', 1)));
    await store.remove('call');
    await store.save(record('call', 2));
    await heal();
    expect(await values()).toEqual([2]);
  });

  it('the next life of the program has the last word, whatever the one before has written', async () => {
    for (let value = 0; value < 5; value += 1) await store.save(record('call', value));
    const next = new MongoLastingStore<number>(db, 'liveCalls', new WriteOrder());
    await next.save(record('call', 9));
    expect(await values()).toEqual([9]);
    await next.remove('call');
    expect(await values()).toEqual([]);
  });

  it('a place that is kept ends by itself', async () => {
    await lost(() => store.save(record('call', 1)));
    await store.remove('call');
    const [kept] = await database.db.collection('liveCalls').find().toArray();
    const restMs = (kept?.['expiresAt'] as Date).getTime() - systemClock.nowMs();
    expect(restMs).toBeGreaterThan(15 * 60_000);
    expect(restMs).toBeLessThan(expiresAtMs);
    underWay.length = 0;
  });
});

describe('of interactions', () => {
  const interaction = (change: Partial<Interaction>): Interaction => ({
    ...{ _id: asId<InteractionId>('late'), channel: 'voice', direction: 'inbound', startedAtMs: 1 },
    ...{ caller: { number: '+4930' }, called: { number: '4000' }, digits: [], segments: [], parties: [] },
    ...{ recordings: [], ...change },
  });

  it('one that is over stays over', async () => {
    const store = new MongoInteractionStore(db, new WriteOrder());
    await lost(() => store.save(interaction({})));
    await store.save(interaction({ endedAtMs: 5 }));
    await heal();
    expect(await store.get('late')).toEqual(interaction({ endedAtMs: 5 }));
    expect(await store.listOpen()).toEqual([]);
  });
});
