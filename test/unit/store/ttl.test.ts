import { MongoClient } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock, sleep, systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { startEmbeddedStore } from '../../../store/embedded/server';

jest.setTimeout(60_000);

test('documents leave when their TTL has passed, others and undated ones stay; no timer is left behind', async () => {
  const clock = new SimulatedClock();
  const dataDir = mkdtempSync(join(tmpdir(), 'switchroom-ttl-'));
  const store = await startEmbeddedStore({ dataDir, host: '127.0.0.1', port: 0, clock, log: silentLogger() });
  const client = await new MongoClient(store.uri).connect();
  const tokens = client.db('ttl').collection<{ _id: string; at?: Date | string }>('tokens');
  await tokens.createIndex({ at: 1 }, { expireAfterSeconds: 100 });
  const at = (agoSeconds: number): Date => new Date(clock.nowMs() - agoSeconds * 1000);
  await tokens.insertMany([
    { _id: 'old', at: at(101) },
    { _id: 'soon', at: at(20) },
    { _id: 'fresh', at: at(-60) },
    { _id: 'undated' },
    { _id: 'text', at: 'long ago' },
  ]);
  const ids = async (): Promise<string[]> => (await tokens.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  const eventually = async (expected: string[]): Promise<void> => {
    for (let tries = 0; tries < 200 && (await ids()).length !== expected.length; tries += 1)
      await sleep(systemClock, 10);
    expect(await ids()).toEqual(expected);
  };
  clock.advance(60_000);
  await eventually(['fresh', 'soon', 'text', 'undated']);
  clock.advance(60_000);
  await eventually(['fresh', 'text', 'undated']);
  await client.close();
  await store.close();
  expect(clock.pendingTimers).toBe(0);
  rmSync(dataDir, { recursive: true, force: true });
});
