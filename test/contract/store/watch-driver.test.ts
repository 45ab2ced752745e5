/** The driver waits for ever for what it writes to a connection that has been closed, and has not heard of it. */
import { Socket } from 'node:net';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { openStore, type Store } from '../../../store/connect';
import { ours } from '../../../store/faults';
import { until } from '../../support/wait';
import { isEmbedded, openDatabase, type TestDatabase } from './database';

const WAIT_MS = 30_000;
let database: TestDatabase;
let store: Store;
const told: unknown[] = [];

/** Closes a connection to the database in the moment in which it is written to, so often. */
const closing = { left: 0 };
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
    return write.apply(this, of);
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
