/** A database for contract tests: MongoDB when MONGODB_URI is set, otherwise an embedded store of the test's own. */
import { MongoClient, type Db } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newToken } from '../../../base/ids';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { startEmbeddedStore } from '../../../store/embedded/server';

/** Every acknowledged write waits for the disk, which a busy machine makes slow. */
jest.setTimeout(60_000);

export interface TestDatabase {
  uri: string;
  client: MongoClient;
  db: Db;
  close(): Promise<void>;
}

export const isEmbedded = process.env.MONGODB_URI === undefined;

export const openDatabase = async (): Promise<TestDatabase> => {
  const dataDir = isEmbedded ? mkdtempSync(join(tmpdir(), 'switchroom-store-')) : undefined;
  const server = dataDir
    ? await startEmbeddedStore({ dataDir, host: '127.0.0.1', port: 0, clock: systemClock, log: silentLogger() })
    : undefined;
  const uri = server?.uri ?? process.env.MONGODB_URI ?? '';
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 5000,
    writeConcern: { w: 'majority', journal: true },
  });
  await client.connect();
  const db = client.db(`contract_${newToken(6).replace(/[^a-zA-Z0-9]/g, 'x')}`);
  return {
    uri,
    client,
    db,
    async close() {
      await db.dropDatabase();
      await client.close();
      await server?.close();
      if (dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
