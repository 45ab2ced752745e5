/** The stores on whichever database is configured. */
import {
  asId,
  newId,
  type AgentId,
  type FlowId,
  type InteractionId,
  type QueueId,
  type RecordingId,
} from '../../../base/ids';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { openStore, type Store } from '../../../store/connect';
import type { Interaction } from '../../../store/interaction';
import type { InteractionFilter, InteractionPage } from '../../../store/interactions';
import { LASTING_COLLECTIONS } from '../../../store/lasting';
import { indexInteractionAgents } from '../../../store/migrations/009-interaction-agents';
import { indexNumberParts } from '../../../store/migrations/010-number-parts';
import { migrate } from '../../../store/migrations/migrate';
import { Records } from '../../../store/embedded/engine/records';
import { isEmbedded, openDatabase, type TestDatabase } from './database';

const BASE_MS = 1_767_225_600_000;
let database: TestDatabase;
let store: Store;
const clock = new SimulatedClock();
const log = silentLogger();

beforeAll(async () => {
  database = await openDatabase();
  store = await openStore({ uri: database.uri, database: database.db.databaseName, log, clock });
});
afterAll(async () => {
  await store.close();
  await database.close();
});

const interaction = (at: number, change: Partial<Interaction> = {}): Interaction => ({
  _id: asId<InteractionId>(`i${String(at).padStart(3, '0')}`),
  channel: 'voice',
  direction: 'inbound',
  startedAtMs: BASE_MS + at * 1000,
  caller: { number: `+4930${at}` },
  called: { number: '4000' },
  digits: [],
  segments: [{ kind: 'flow', startedAtMs: BASE_MS + at * 1000 }],
  parties: [],
  recordings: [],
  ...change,
});

const pageOf = async (filter: Partial<InteractionFilter>): Promise<InteractionPage> => {
  const page = await store.interactions.list({ limit: 50, ...filter });
  if (!page.ok) throw new Error(page.fault.message);
  return page.value;
};

describe('interactions', () => {
  const support = asId<QueueId>('support');
  const anna = asId<AgentId>('anna');

  beforeAll(async () => {
    for (let at = 0; at < 25; at += 1) {
      const answered = at % 5 === 0;
      await store.interactions.save(
        interaction(at, {
          ...(answered && {
            agentId: anna,
            queueId: support,
            outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
          }),
          // One that Anna has given to somebody else, and one of a caller who calls himself so.
          ...(at === 1 && { parties: [{ role: 'agent', id: 'anna', joinedAtMs: BASE_MS }] }),
          ...(at === 2 && { parties: [{ role: 'caller', id: 'anna', joinedAtMs: BASE_MS }] }),
          // Two calls of one instant test the order of equals.
          ...(at === 11 && { startedAtMs: BASE_MS + 10_000 }),
        }),
      );
    }
  });

  test('saving again replaces the whole document', async () => {
    const call = interaction(900, { answeredAtMs: BASE_MS });
    await store.interactions.save(call);
    const recording = {
      n: 1,
      recordingId: newId<RecordingId>(),
      path: '2026-01-01/a.wav',
      startedAtMs: 1,
      durationMs: 2,
      channels: ['caller', 'agent'] as ['caller', 'agent'],
      sizeBytes: 3,
    };
    const { answeredAtMs: _dropped, ...rest } = call;
    await store.interactions.save({ ...rest, digits: ['1'], recordings: [recording] });
    expect(await store.interactions.get(call._id)).toEqual({ ...rest, digits: ['1'], recordings: [recording] });
    expect(await store.interactions.get('nobody')).toBeUndefined();
    await database.db.collection<Interaction>('interactions').deleteOne({ _id: call._id });
  });

  test.each([1, 3, 7, 24, 25, 50])('pages of %d list everything once, newest first', async (limit) => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page: InteractionPage = await pageOf({ limit, cursor });
      ids.push(...page.items.map(({ _id }) => _id as string));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const expected = Array.from({ length: 25 }, (_, at) => `i${String(24 - at).padStart(3, '0')}`);
    expect(ids).toEqual(expected);
  });

  test('those of before the index of agents are found by every agent of theirs after it', async () => {
    const collection = database.db.collection<Interaction>('interactions');
    const parties: Interaction['parties'] = [{ role: 'agent', id: 'carla', joinedAtMs: BASE_MS }];
    const { _id, ...old } = interaction(901, { agentId: asId<AgentId>('dora'), parties });
    await collection.insertOne({ _id, ...old });
    await indexInteractionAgents.up(database.db);
    for (const agentId of ['carla', 'dora']) expect((await pageOf({ agentId })).items).toEqual([{ _id, ...old }]);
    // Once more, as after a crash in the middle of it.
    await indexInteractionAgents.up(database.db);
    await collection.deleteOne({ _id });
  });

  test('filters by time, agent, queue, result and part of a number', async () => {
    const ids = async (filter: Partial<InteractionFilter>) =>
      (await pageOf(filter)).items.map(({ _id }) => _id as string);
    expect(await ids({ fromMs: BASE_MS + 23_000 })).toEqual(['i024', 'i023']);
    expect(await ids({ toMs: BASE_MS + 2000 })).toEqual(['i001', 'i000']);
    expect(await ids({ agentId: 'anna', limit: 2 })).toEqual(['i020', 'i015']);
    expect(await ids({ agentId: 'anna', toMs: BASE_MS + 5000 })).toEqual(['i001', 'i000']);
    expect(await ids({ queueId: 'support', fromMs: BASE_MS + 15_000 })).toEqual(['i020', 'i015']);
    expect(await ids({ result: 'answered', toMs: BASE_MS + 6000 })).toEqual(['i005', 'i000']);
    expect(await ids({ result: 'failed' })).toEqual([]);
    expect(await ids({ number: '3024' })).toEqual(['i024']);
    expect(await ids({ number: '+4930', limit: 1 })).toEqual(['i024']);
    expect(await ids({ number: '.*' })).toEqual([]);
  });

  test('a part of a number is found by an index, and no other document is read for it', async () => {
    const read = jest.spyOn(Records.prototype, 'read');
    for (const number of ['3024', '24', '+493024']) {
      read.mockClear();
      expect((await pageOf({ number })).items.map(({ _id }) => _id as string)).toContain('i024');
      // Each is read for its order, and once more in it.
      if (isEmbedded && number.length >= 4) expect(read.mock.calls.length).toBeLessThanOrEqual(2);
    }
    read.mockRestore();
  });

  test('those of before the index of numbers are found by a part of either number after it', async () => {
    const collection = database.db.collection<Interaction>('interactions');
    const { _id, ...old } = interaction(902, { caller: { number: '+861012345678' }, called: { number: '4555' } });
    await collection.insertOne({ _id, ...old });
    expect((await pageOf({ number: '12345' })).items).toEqual([]);
    await indexNumberParts.up(database.db);
    await indexNumberParts.up(database.db);
    for (const number of ['12345', '5678', '+86', '455'])
      expect((await pageOf({ number })).items).toEqual([{ _id, ...old }]);
    await collection.deleteOne({ _id });
  });

  test('a cursor that is none of ours is bad input', async () => {
    expect(await store.interactions.list({ limit: 1, cursor: 'x' })).toMatchObject({
      ok: false,
      fault: { code: 'bad_input' },
    });
  });
});

test('user names are unique and compared without regard to case', async () => {
  const user = { displayName: 'Anna', roles: ['agent' as const], passwordHash: 'h', createdAtMs: 1, disabled: false };
  const anna = await store.users.add({
    ...user,
    userName: 'Anna',
    agent: { agentId: asId<AgentId>('a1'), extension: '101', skills: { support: 10 } },
  });
  await store.users.add({ ...user, userName: 'boss', roles: ['supervisor'] });
  await store.users.add({ ...user, userName: 'root', roles: ['administrator'] });
  expect(await store.users.findByUserName('ANNA')).toEqual({ ...anna, userName: 'anna' });
  await expect(store.users.add({ ...user, userName: 'anna' })).rejects.toMatchObject({ code: 'conflict' });
  expect(await store.users.update(anna._id, { disabled: true })).toBe(true);
  expect(await store.users.get(anna._id)).toMatchObject({ disabled: true, displayName: 'Anna' });
  expect((await store.users.list()).map(({ userName }) => userName)).toEqual(['anna', 'boss', 'root']);
  expect(await store.users.findByUserName('nobody')).toBeUndefined();
});

test('queues and numbers are saved, replaced, listed and removed', async () => {
  const queue = {
    _id: asId<QueueId>('support'),
    name: 'Support',
    skills: { support: 1 },
    offerTimeoutMs: 20_000,
    wrapUpMs: 30_000,
  };
  await store.queues.save(queue);
  await store.queues.save({ ...queue, name: 'Help' });
  expect(await store.queues.list()).toEqual([{ ...queue, name: 'Help' }]);
  await store.numbers.save({ _id: '4000', flowId: asId<FlowId>('welcome') });
  expect(await store.numbers.get('4000')).toEqual({ _id: '4000', flowId: 'welcome' });
  expect(await store.numbers.remove('4000')).toBe(true);
  expect(await store.numbers.remove('4000')).toBe(false);
});

test('each save of a flow is its next version', async () => {
  const id = asId<FlowId>('welcome');
  expect(await store.flows.save(id, { steps: [] })).toBe(1);
  expect(await store.flows.save(id, { steps: [{ say: 'hello' }] })).toBe(2);
  expect(await store.flows.get(id)).toEqual({ _id: id, version: 2, document: { steps: [{ say: 'hello' }] } });
});

test('the audit lists what was written, newest first', async () => {
  const entry = { action: 'sign-in', userName: 'anna', address: '127.0.0.1' };
  await store.audit.write({ ...entry, atMs: 1 });
  await store.audit.write({
    ...entry,
    atMs: 2,
    action: 'sign-in-failed',
    userName: 'eve',
    detail: { reason: 'password' },
  });
  expect(await store.audit.list({ limit: 10 })).toEqual([
    { ...entry, atMs: 2, action: 'sign-in-failed', userName: 'eve', detail: { reason: 'password' } },
    { ...entry, atMs: 1 },
  ]);
  expect(await store.audit.list({ userName: 'anna', limit: 10 })).toHaveLength(1);
});

test('whatever lasts for a time ends by itself, also in a database of before', async () => {
  const { db } = database;
  await db.dropCollection('sipAccounts');
  await db.collection<{ _id: number }>('migrations').deleteMany({ _id: { $gt: 4 } });
  await migrate({ db, clock, log });
  for (const collection of LASTING_COLLECTIONS) {
    const indexes = await db.collection(collection).indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: -1 }, expireAfterSeconds: 0 }));
  }
});

test('supervisors of tenants are named as users are, also in a database of before', async () => {
  const { db } = database;
  await store.tenants.save({ _id: 'brand', name: 'Brand', supervisors: ['Sue', 'sue', 'Ｔｏｍ'] });
  await store.tenants.save({ _id: 'plain', name: 'Plain' });
  await db.collection<{ _id: number }>('migrations').deleteOne({ _id: 16 });
  await migrate({ db, clock, log });
  expect(await store.tenants.get('brand')).toEqual({ _id: 'brand', name: 'Brand', supervisors: ['sue', 'tom'] });
  expect(await store.tenants.get('plain')).toEqual({ _id: 'plain', name: 'Plain' });
});

describe('times of agents', () => {
  const [ann, bob] = [asId<AgentId>('ann'), asId<AgentId>('bob')];
  const times = [ann, bob].flatMap((agentId) =>
    [0, 1_000, 2_000].map((fromMs) => ({ agentId, state: 'ready' as const, fromMs, toMs: fromMs + 1_000 })),
  );
  const between = async (agentId?: AgentId) => {
    const found = [];
    for await (const time of store.agentTimes.between(500, 1_500, agentId)) found.push(time);
    return found;
  };

  it('are found by their time, of all or of one, and each agent’s latest', async () => {
    for (const time of times) await store.agentTimes.save(time);
    expect(await between(bob)).toEqual([times[3], times[4]]);
    expect(await between()).toHaveLength(4);
    expect(await store.agentTimes.latestOf(ann)).toEqual(times[2]);
    expect(await store.agentTimes.latestOf(asId<AgentId>('nobody'))).toBeUndefined();
  });

  it.each(['agentTimes', 'waits'])('of one agent are found by an index: %s', async (collection) => {
    const key = { agentId: 1, [collection === 'waits' ? 'arrivedAtMs' : 'fromMs']: 1 };
    expect(await database.db.collection(collection).indexes()).toContainEqual(expect.objectContaining({ key }));
  });
});

test('migrations run once, in order, and again after a failure', async () => {
  const { db } = database;
  const ran: number[] = [];
  const step = (number: number, fails = false) => ({
    number,
    name: `step ${number}`,
    up: () => {
      ran.push(number);
      return fails ? Promise.reject(new Error('no disk')) : Promise.resolve();
    },
  });
  await expect(migrate({ db, clock, log }, [step(1012), step(1011), step(1013, true)])).rejects.toThrow(
    'Migration 1013 (step 1013) failed: no disk',
  );
  await migrate({ db, clock, log }, [step(1011), step(1012), step(1013)]);
  expect(ran).toEqual([1011, 1012, 1013, 1013]);
  await expect(migrate({ db, clock, log }, [step(1011)])).rejects.toThrow(
    'The database has migration 1012, this program knows up to 1011',
  );
});

test('a database that cannot be reached is named without its credentials', async () => {
  const uri = 'mongodb://anna:secret@127.0.0.1:1/?authSource=admin';
  const opening = openStore({ uri, database: 'x', log, clock, serverSelectionTimeoutMs: 300 });
  await expect(opening).rejects.toMatchObject({ code: 'unavailable' });
  await expect(opening).rejects.toThrow(/^The database at mongodb:\/\/127\.0\.0\.1:1\/ cannot be reached: /);
  await expect(opening).rejects.not.toThrow('secret');
});
