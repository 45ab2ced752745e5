/** The driver waits for ever for what it writes to a connection that has been closed, and has not heard of it. */
import { MongoClient } from 'mongodb';
import { Socket } from 'node:net';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { closeClient } from '../../../store/close-client';
import { openStore, type Store } from '../../../store/connect';
import { eachOf, ours } from '../../../store/faults';
import { until } from '../../support/wait';
import { isEmbedded, openDatabase, type TestDatabase } from './database';

const WAIT_MS = 30_000;
let database: TestDatabase;
let store: Store;
const told: unknown[] = [];

/** Closes a connection to the database in the moment in which it is written to, so often. */
const closing = { left: 0 };
/** Whether what is written to the database gets nowhere. */
let isSilent = false;
const write = Socket.prototype.write as (this: Socket, ...of: unknown[]) => boolean;

beforeAll(async () => {
  database = await openDatabase();
  // Its own looks are not to be met.
  await database.client.close();
  const port = Number(new URL(database.uri).port);
  Socket.prototype.write = function (this: Socket, ...of: unknown[]): boolean {
    if (closing.left > 0 && this.remotePort === port) {
      closing.left -= 1;
      this.destroy();
    }
    return isSilent && this.remotePort === port ? true : write.apply(this, of);
  };
  const log = { ...silentLogger(), error: (what: unknown) => void told.push(what) };
  store = await openStore({
    ...{ uri: database.uri, database: database.db.databaseName, log, clock: systemClock },
    serverSelectionTimeoutMs: 500,
  });
});
afterAll(async () => {
  Socket.prototype.write = write;
  await store.close();
  await database.client.connect();
  await database.close();
});

(isEmbedded ? it : it.skip)(
  'a look at the server that hangs is noticed, and the connections are opened anew',
  async () => {
    closing.left = 1;
    await until('the look to hang, and to be noticed', () => told.length > 0, WAIT_MS);
    expect(told).toEqual(['the database driver waits in vain; its connections are opened anew']);
    const answers = (): Promise<boolean> =>
      store.ping().then(
        () => true,
        () => false,
      );
    await until('the database to answer', answers, WAIT_MS);
  },
);

it('an operation that hangs is given up', async () => {
  const hanging = new Promise<never>(() => undefined);
  await expect(ours(hanging, 20)).rejects.toMatchObject({ code: 'unavailable' });
});

(isEmbedded ? it : it.skip)('a driver that hangs while it closes is closed, and can be opened anew', async () => {
  const client = await new MongoClient(database.uri, { heartbeatFrequencyMS: 60_000 }).connect();
  const items = client.db(database.db.databaseName).collection('items');
  await items.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
  // Open on the server: the driver says so before it closes.
  const cursor = items.find({}, { batchSize: 2 });
  await cursor.next();
  isSilent = true;
  await closeClient(client, { clock: systemClock });
  isSilent = false;
  await expect(ours(items.countDocuments())).rejects.toMatchObject({ code: 'unavailable' });
  await client.connect();
  expect(await ours(items.countDocuments())).toBe(10);
  await closeClient(client, { clock: systemClock });
});

it('a cursor that hangs is given up, and closed', async () => {
  let closed = 0;
  const cursor = {
    hasNext: () => new Promise<never>(() => undefined),
    readBufferedDocuments: () => [],
    close: () => Promise.resolve(void (closed += 1)),
  };
  await expect(eachOf(cursor, 20).next()).rejects.toMatchObject({ code: 'unavailable' });
  expect(closed).toBe(1);
});

it('a cursor gives all that it finds, whatever its batches, and is closed by who has seen enough', async () => {
  const client = await new MongoClient(database.uri).connect();
  const items = client.db(database.db.databaseName).collection<{ n: number }>('numbers');
  await items.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
  const found: number[] = [];
  const open = () => items.find({}, { batchSize: 3, sort: { n: 1 } });
  for await (const { n } of eachOf(open())) found.push(n);
  expect(found).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const cursor = open();
  for await (const { n } of eachOf(cursor)) if (n === 4) break;
  await until('the cursor to be closed', () => cursor.closed, WAIT_MS);
  await client.close();
  await expect(eachOf(open()).next()).rejects.toMatchObject({ code: 'unavailable' });
});

it('what is asked while the driver is closed is told that the database is away', async () => {
  const client = await new MongoClient(database.uri).connect();
  await client.close();
  await expect(ours(client.db('any').collection('items').findOne())).rejects.toMatchObject({ code: 'unavailable' });
});
