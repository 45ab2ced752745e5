/** What was acknowledged outlives the process, and the folder has one server at a time. */
import { MongoClient, type Collection } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { startEmbeddedStore } from '../../../store/embedded/server';
import { buildServerProgram, startStoreProcess, uriOf, type StoreProcess } from './support/store-process';

jest.setTimeout(120_000);

let program: string;
let dataDir: string;
const processes: StoreProcess[] = [];

const start = async (): Promise<StoreProcess> => {
  const started = await startStoreProcess(program, dataDir);
  processes.push(started);
  return started;
};

beforeAll(() => {
  program = buildServerProgram();
});

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'switchroom-durable-'));
});

afterEach(async () => {
  for (const { child, exited } of processes.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

afterAll(() => rmSync(program, { force: true }));

interface Row {
  _id: string;
  n: number;
}

/** Inserts and then updates rows until the server is gone; returns the last value acknowledged for each id. */
const writeUntilKilled = async (
  rows: Collection<Row>,
  writer: number,
  acknowledged: Map<string, number>,
): Promise<void> => {
  for (let at = 0; ; at += 1) {
    const _id = `${writer}-${at}`;
    try {
      await rows.insertOne({ _id, n: 0 });
      acknowledged.set(_id, 0);
      await rows.updateOne({ _id }, { $inc: { n: 1 } });
      acknowledged.set(_id, 1);
    } catch {
      return;
    }
  }
};

const WRITERS = 8;
const ROUNDS = 3;

test('every acknowledged write survives kill -9, three times over, and its indexes agree', async () => {
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await start();
    const client = new MongoClient(uriOf(server), { serverSelectionTimeoutMS: 500, retryWrites: false });
    const rows = client.db('durable').collection<Row>('rows');
    await rows.createIndex({ n: 1 });
    const before = acknowledged.size;
    const writers = Array.from({ length: WRITERS }, (_, at) =>
      writeUntilKilled(rows, round * WRITERS + at, acknowledged),
    );
    await sleep(systemClock, 1000);
    server.child.kill('SIGKILL');
    await server.exited;
    await Promise.all(writers);
    await client.close();
    expect(acknowledged.size).toBeGreaterThan(before);
  }
  const client = new MongoClient(uriOf(await start()));
  const rows = client.db('durable').collection<Row>('rows');
  const stored = new Map((await rows.find().toArray()).map(({ _id, n }) => [_id, n]));
  const lost = [...acknowledged].filter(([_id, n]) => (stored.get(_id) ?? -1) < n);
  expect(lost).toEqual([]);
  for (const n of [0, 1]) {
    const byIndex = await rows
      .find({ n })
      .hint({ n: 1 })
      .map(({ _id }) => _id)
      .toArray();
    expect(byIndex.sort()).toEqual([...stored].flatMap(([_id, value]) => (value === n ? [_id] : [])).sort());
  }
  await client.close();
});

test('a second server on the same folder ends with one sentence that names the folder and the process', async () => {
  const first = await start();
  uriOf(first);
  const second = await start();
  expect(second.firstLine).toBe(
    `error The data folder ${dataDir} is in use by process ${first.child.pid}; stop that process or choose another folder.`,
  );
  await second.exited;
  expect(second.child.exitCode).toBe(1);
});

test('the folder of a killed server is taken over', async () => {
  const first = await start();
  uriOf(first);
  first.child.kill('SIGKILL');
  await first.exited;
  expect((await start()).firstLine).toMatch(/^port \d+$/);
});

test('one process cannot open a folder twice, but again after it has closed it', async () => {
  const options = { dataDir, host: '127.0.0.1', port: 0, clock: systemClock, log: silentLogger() };
  const first = await startEmbeddedStore(options);
  await expect(startEmbeddedStore(options)).rejects.toThrow(
    `The data folder ${dataDir} is in use by process ${process.pid}`,
  );
  const client = await new MongoClient(first.uri).connect();
  await client.db('again').collection('rows').insertOne({ kept: true });
  await client.close();
  await first.close();
  const second = await startEmbeddedStore(options);
  const other = await new MongoClient(second.uri).connect();
  expect(await other.db('again').collection('rows').countDocuments({ kept: true })).toBe(1);
  await other.close();
  await second.close();
  await second.close();
});

test('an address that is not loopback and a port that is taken are refused by name', async () => {
  const options = { dataDir, host: '0.0.0.0', port: 0, clock: systemClock, log: silentLogger() };
  await expect(startEmbeddedStore(options)).rejects.toThrow('listens on loopback only, not on 0.0.0.0');
  const first = await startEmbeddedStore({ ...options, host: '127.0.0.1' });
  const otherDir = mkdtempSync(join(tmpdir(), 'switchroom-durable-'));
  const second = startEmbeddedStore({ ...options, dataDir: otherDir, host: '127.0.0.1', port: first.port });
  await expect(second).rejects.toThrow(`The store cannot listen on 127.0.0.1:${first.port}`);
  await first.close();
  rmSync(otherDir, { recursive: true, force: true });
});
