/** The ACD's journal on whichever database is configured. */
import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import type { AcdEvent } from '../../../acd/core/model';
import { explainContact } from '../../../acd/journal/decisions';
import type { JournalRecord } from '../../../acd/journal/journal';
import { decisionsIn, resumeState } from '../../../acd/journal/resume';
import { snapshotOf, stateHash } from '../../../acd/core/snapshot';
import { emptyState, step } from '../../../acd/core/step';
import { openStore, type Store } from '../../../store/connect';
import { eventually } from '../../support/eventually';
import { openDatabase, type TestDatabase } from './database';

let database: TestDatabase;
let store: Store;
const log = silentLogger();
const KEEP_MS = 1_000_000;

beforeAll(async () => {
  database = await openDatabase();
  store = await openStore({
    uri: database.uri,
    database: database.db.databaseName,
    log,
    clock: new SimulatedClock(),
  });
});
afterAll(async () => {
  await store.close();
  await database.close();
});
beforeEach(async () => {
  await database.db.collection('acdEvents').deleteMany({});
  await database.db.collection('acdSnapshots').deleteMany({});
});

const queueId = asId<QueueId>('support');
const agentId = asId<AgentId>('ann');
const contactId = asId<ContactId>('c1');

const EVENTS: AcdEvent[] = [
  // Names of skills and data may be anything, also what a database would read as an operator.
  { type: 'queue-configured', queue: { queueId, skills: { 'a.b': 1, $set: 2 }, offerTimeoutMs: 9000, wrapUpMs: 0 } },
  { type: 'agent-configured', agent: { agentId, skills: { 'a.b': 5, $set: 5 } } },
  { type: 'agent-signed-in', agentId },
  { type: 'device-changed', agentId, registered: true },
  { type: 'agent-ready', agentId },
  { type: 'contact-arrived', contactId, queueId, priority: 0 },
];

const play = (): { records: JournalRecord[]; state: ReturnType<typeof emptyState> } => {
  let state = emptyState();
  const records = EVENTS.map((event, index) => {
    const [next, effects] = step(state, structuredClone(event), index);
    state = next;
    return { n: index + 1, event, atMs: index, decisions: decisionsIn(effects) };
  });
  return { records, state };
};

const keptNumbers = async (): Promise<number[]> => {
  const kept: number[] = [];
  for await (const { n } of store.acdJournal.records(0)) kept.push(n);
  return kept;
};

it('gives back what was written, from the latest snapshot on', async () => {
  const { records, state } = play();
  const sink = store.acdJournal.writer({ writer: 'one', keepMs: KEEP_MS });
  await sink.append(records.slice(0, 4));
  expect((await resumeState(store.acdJournal, { log })).replayed).toBe(4);
  const middle = records
    .slice(0, 4)
    .reduce((at, { event, atMs }) => step(at, structuredClone(event), atMs)[0], emptyState());
  await sink.saveSnapshot({ n: 4, atMs: 4, state: snapshotOf(middle), hash: stateHash(middle) });
  const [last, ...others] = records.slice(4).reverse();
  if (!last) throw new Error('there are no records');
  await sink.append([...others.reverse(), { ...last, stateHash: stateHash(state) }]);
  const resumed = await resumeState(store.acdJournal, { log });
  expect(resumed).toMatchObject({ n: 6, replayed: 2, compared: 2, differing: 0 });
  expect(stateHash(resumed.state)).toBe(stateHash(state));
});

it('explains a decision from the records before it', async () => {
  await store.acdJournal.writer({ writer: 'one', keepMs: KEEP_MS }).append(play().records);
  const [explained, ...others] = await explainContact(store.acdJournal, contactId);
  expect(others).toEqual([]);
  expect(explained).toMatchObject({ proved: true, taken: { contactId, agentId, queueId } });
  expect(await explainContact(store.acdJournal, asId<ContactId>('unknown'))).toEqual([]);
});

it('takes the same records twice without harm, but not those of another writer', async () => {
  const { records } = play();
  const sink = store.acdJournal.writer({ writer: 'one', keepMs: KEEP_MS });
  await sink.append(records.slice(0, 4));
  // Some of these arrived before.
  await sink.append(records);
  const other = store.acdJournal.writer({ writer: 'two', keepMs: KEEP_MS });
  await expect(other.append(records.slice(-1))).rejects.toMatchObject({ code: 'conflict' });
  expect(await keptNumbers()).toEqual([1, 2, 3, 4, 5, 6]);
});

it('forgets records and snapshots that are too old once a snapshot replaces them', async () => {
  const { records, state } = play();
  const sink = store.acdJournal.writer({ writer: 'one', keepMs: KEEP_MS });
  await sink.append(records);
  const snapshot = { state: snapshotOf(state), hash: stateHash(state) };
  await sink.saveSnapshot({ n: 3, atMs: 3, ...snapshot });
  await sink.saveSnapshot({ n: 6, atMs: 6 + KEEP_MS, ...snapshot });
  await eventually(async () => expect(await keptNumbers()).toEqual([6]));
  expect(await store.acdJournal.latestSnapshot(5)).toBeUndefined();
  expect((await store.acdJournal.latestSnapshot())?.n).toBe(6);
});

it('forgets any number of records, and none after the snapshot, whatever the clock has said', async () => {
  const sink = store.acdJournal.writer({ writer: 'one', keepMs: KEEP_MS });
  const event = { type: 'time-passed' } as const;
  const numbers = Array.from({ length: 1100 }, (_, index) => index + 1);
  await sink.append(numbers.map((n) => ({ n, atMs: n > 1000 && n <= 1050 ? KEEP_MS : 0, event, decisions: [] })));
  const state = emptyState();
  await sink.saveSnapshot({ n: 1070, atMs: 2 * KEEP_MS, state: snapshotOf(state), hash: stateHash(state) });
  await eventually(async () => expect(await keptNumbers()).toEqual(numbers.slice(1000)));
  const noneNew = { n: 1080, atMs: 9 * KEEP_MS, state: snapshotOf(state), hash: stateHash(state) };
  await sink.saveSnapshot(noneNew);
  await eventually(async () => expect(await keptNumbers()).toEqual(numbers.slice(1079)));
});

it('finds the first record of a time by halves, over gaps too', async () => {
  const sink = store.acdJournal.writer({ writer: 'w', keepMs: KEEP_MS });
  const event = { type: 'time-passed' } as const;
  expect(await store.acdJournal.firstAt(0)).toBeUndefined();
  const numbers = [3, 4, 5, 90, 91, 92, 200];
  await sink.append(numbers.map((n) => ({ n, atMs: n === 4 ? 3 : n, event, decisions: [] })));
  const asked = [0, 3, 4, 5, 6, 90, 93, 200, 201];
  expect(await Promise.all(asked.map((atMs) => store.acdJournal.firstAt(atMs)))).toEqual([
    ...[3, 3, 5, 5, 90, 90, 200, 200],
    undefined,
  ]);
});
