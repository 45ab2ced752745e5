/** Writing behind the owner's back: order, what is left out, and a store that is away. */
import { SimulatedClock } from '../../../base/clock';
import { LastingRecords } from '../../../base/lasting';
import { silentLogger } from '../../../base/log';
import { MemoryLastingStore } from '../../support/memory-lasting';

const make = async (store = new MemoryLastingStore<number>(), maxRecords = 1_000) => {
  const clock = new SimulatedClock();
  const open = () => LastingRecords.load<number>({ store, clock, log: silentLogger(), name: 'numbers', maxRecords });
  const expiresAtMs = clock.nowMs() + 60_000;
  return { clock, store, open, expiresAtMs, records: await open() };
};

const ids = (records: LastingRecords<number>): string[] => records.takeFound().map(({ id }) => id);

it('gives what was kept to the next process, once, what expires first first, and what has expired never', async () => {
  const { clock, open, expiresAtMs, records } = await make();
  records.save({ id: 'late', value: 2, expiresAtMs });
  records.save({ id: 'early', value: 1, expiresAtMs: expiresAtMs - 1 });
  records.save({ id: 'over', value: 0, expiresAtMs: clock.nowMs() });
  await records.settled();
  const next = await open();
  expect(ids(next)).toEqual(['early', 'late']);
  expect(ids(next)).toEqual([]);
});

it('writes the last of several changes only', async () => {
  const { store, open, expiresAtMs, records } = await make();
  for (let value = 0; value < 100; value += 1) records.save({ id: 'a', value, expiresAtMs });
  records.save({ id: 'b', value: 1, expiresAtMs });
  records.remove('b');
  await records.settled();
  expect(store.writes).toBe(2);
  expect((await open()).takeFound()).toEqual([{ id: 'a', value: 99, expiresAtMs }]);
});

it('says when a record is written, after a store that was away as well, and whether it is behind', async () => {
  const { clock, store, expiresAtMs, records } = await make();
  let written = 0;
  const noteWritten = (): void => void (written += 1);
  await records.written('a');
  store.refuse = () => Promise.reject(new Error('the store is away'));
  records.save({ id: 'a', value: 1, expiresAtMs });
  void records.written('a').then(noteWritten);
  await clock.advanceAsync(3_000, 100);
  expect({ written, isBehind: records.isBehind }).toEqual({ written: 0, isBehind: true });
  records.save({ id: 'a', value: 2, expiresAtMs });
  store.refuse = undefined;
  await clock.advanceAsync(1_100, 100);
  expect({ written, isBehind: records.isBehind }).toEqual({ written: 1, isBehind: false });
  expect(clock.pendingTimers).toBe(0);
});

it('is behind no more as soon as the store takes records, however many come', async () => {
  const { clock, store, expiresAtMs, records } = await make();
  store.refuse = () => Promise.reject(new Error('the store is away'));
  records.save({ id: 'a', value: 1, expiresAtMs });
  await records.settled();
  expect(records.isBehind).toBe(true);
  store.refuse = undefined;
  const save = store.save.bind(store);
  let more = 5;
  const seen: boolean[] = [];
  store.save = async (record) => {
    await save(record);
    seen.push(records.isBehind);
    if (more > 0) records.save({ id: `more-${(more -= 1)}`, value: 1, expiresAtMs });
  };
  await clock.advanceAsync(3_000, 100);
  expect(seen).toEqual([true, false, false, false, false, false]);
});

it('lets nobody wait for a record once it is closed', async () => {
  const { store, expiresAtMs, records } = await make();
  store.refuse = () => Promise.reject(new Error('the store is away'));
  records.save({ id: 'a', value: 1, expiresAtMs });
  const written = records.written('a');
  await records.close();
  await written;
  await records.written('a');
});

it('lets no slow write overtake a later change of the same record', async () => {
  const store = new MemoryLastingStore<number>();
  const { open, expiresAtMs, records } = await make(store);
  const save = store.save.bind(store);
  let release: (() => void) | undefined;
  const slow = new Promise<void>((done) => (release = done));
  store.save = async (record) => {
    if (record.value === 1) await slow;
    await save(record);
  };
  records.save({ id: 'a', value: 1, expiresAtMs });
  await Promise.resolve();
  await Promise.resolve();
  records.save({ id: 'a', value: 2, expiresAtMs });
  release?.();
  await records.settled();
  expect((await open()).takeFound()).toMatchObject([{ value: 2 }]);
});

it('tries again what the store has refused, and leaves no timer behind', async () => {
  const { clock, store, expiresAtMs, records } = await make();
  store.refuse = () => Promise.reject(new Error('the store is away'));
  records.save({ id: 'a', value: 1, expiresAtMs });
  await records.settled();
  expect(store.records.size).toBe(0);
  expect(clock.pendingTimers).toBe(1);
  store.refuse = undefined;
  clock.advance(1_000);
  await records.settled();
  expect(store.records.size).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});

it('writes what waits when it is closed, and takes nothing after it', async () => {
  const { clock, store, expiresAtMs, records } = await make();
  store.refuse = () => Promise.reject(new Error('the store is away'));
  records.save({ id: 'a', value: 1, expiresAtMs });
  await records.settled();
  store.refuse = undefined;
  await records.close();
  records.save({ id: 'b', value: 1, expiresAtMs });
  await records.close();
  expect([...store.records.keys()]).toEqual(['a']);
  expect(clock.pendingTimers).toBe(0);
});

it('lets no more wait than it was told', async () => {
  const { clock, store, expiresAtMs, records } = await make(undefined, 3);
  store.refuse = () => Promise.reject(new Error('the store is away'));
  for (let n = 0; n < 10; n += 1) records.save({ id: `r${n}`, value: n, expiresAtMs });
  await records.settled();
  store.refuse = undefined;
  clock.advance(1_000);
  await records.settled();
  expect([...store.records.keys()]).toEqual(['r0', 'r1', 'r2']);
});
