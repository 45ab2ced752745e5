import { SimulatedClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import { emptyState } from '../../../../acd/core/state';
import { snapshotOf } from '../../../../acd/core/snapshot';
import type { JournalRecord } from '../../../../acd/journal/journal';
import { JournalWriter } from '../../../../acd/journal/journal-writer';
import type { JournalWriterOptions } from '../../../../acd/journal/journal-writer';
import { MemoryJournal } from '../../../support/memory-journal';

const record = (n: number): JournalRecord => ({ n, event: { type: 'time-passed' }, atMs: n, decisions: [] });
const state = snapshotOf(emptyState());

const setUp = (options: Partial<JournalWriterOptions> = {}) => {
  const clock = new SimulatedClock();
  const sink = new MemoryJournal();
  const behind: boolean[] = [];
  const writer = new JournalWriter({
    sink,
    clock,
    log: silentLogger(),
    snapshot: (n) => ({ n, atMs: n, state, hash: 'hash' }),
    onBehind: (now) => behind.push(now),
    ...options,
  });
  const performed: number[] = [];
  const append = (n: number): void => writer.append(record(n), () => performed.push(n));
  return { clock, sink, writer, performed, append, behind };
};

/** All that is under way without a timer has been done. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const never = (): Promise<never> => new Promise(() => undefined);

describe('JournalWriter', () => {
  it('lets effects be performed only when their event is written, in order', async () => {
    const { clock, sink, performed, append } = setUp();
    append(1);
    append(2);
    expect(performed).toEqual([]);
    await settled();
    expect([...sink.taken.keys()]).toEqual([1, 2]);
    expect(performed).toEqual([1, 2]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes again what the store refused, once and completely', async () => {
    const { clock, sink, performed, append, behind } = setUp();
    sink.refuse = () => Promise.reject(new Error('not primary'));
    append(1);
    await clock.advanceAsync(60);
    append(2);
    expect(performed).toEqual([]);
    sink.refuse = undefined;
    await clock.advanceAsync(500);
    expect([...sink.taken.keys()]).toEqual([1, 2]);
    expect(performed).toEqual([1, 2]);
    expect(behind).toEqual([]);
  });

  it('does not take its own process, which was too busy to look, for a silent store', async () => {
    const clock = new SimulatedClock();
    const due: (() => void)[] = [];
    const after: typeof clock.after = (_delayMs, run) => {
      due.push(run);
      return { cancel: () => due.splice(due.indexOf(run), 1) };
    };
    const { sink, performed, append, behind } = setUp({ clock: Object.assign(clock, { after }) });
    let answer: () => void = () => undefined;
    sink.append = () => new Promise<void>((resolve) => (answer = resolve));
    append(1);
    await settled();
    // The process was away for an hour: the timer is due, and so is what has come from the store.
    due.splice(0).forEach((run) => run());
    answer();
    await settled();
    expect([performed, behind, due]).toEqual([[1], [], []]);
  });

  it('does not let a silent store stop calls: effects go ahead after a second, and the journal is completed later', async () => {
    const { clock, sink, performed, append, behind } = setUp();
    sink.refuse = () => Promise.reject(new Error('connection refused'));
    append(1);
    await clock.advanceAsync(999);
    expect(performed).toEqual([]);
    await clock.advanceAsync(1);
    expect(performed).toEqual([1]);
    expect(behind).toEqual([true]);
    append(2);
    expect(performed).toEqual([1, 2]);
    sink.refuse = undefined;
    await clock.advanceAsync(2000);
    expect([...sink.taken.keys()]).toEqual([1, 2]);
    expect(behind).toEqual([true, false]);
    append(3);
    expect(performed).toEqual([1, 2]);
    await settled();
    expect(performed).toEqual([1, 2, 3]);
  });

  it('keeps a bounded number of records while the store is away, and a snapshot instead of what is beyond', async () => {
    const { clock, sink, performed, append } = setUp({ maxWaiting: 100 });
    sink.refuse = () => Promise.reject(new Error('connection refused'));
    append(0);
    await clock.advanceAsync(1000);
    for (let n = 1; n <= 250; n += 1) append(n);
    sink.refuse = undefined;
    await clock.advanceAsync(2000);
    expect(performed).toHaveLength(251);
    const base = sink.snapshots.at(-1)?.n ?? 0;
    expect(base).toBeGreaterThan(100);
    const after = [...sink.taken.keys()].filter((n) => n > base);
    expect(after).toEqual(Array.from({ length: 250 - base }, (_, index) => base + 1 + index));
  });

  it('takes a snapshot every so many records, after the record that it includes', async () => {
    const { sink, append } = setUp({ snapshotEvery: 10 });
    for (let n = 1; n <= 25; n += 1) append(n);
    await settled();
    expect(sink.snapshots.map(({ n }) => n)).toEqual([10, 20]);
    expect(sink.taken.size).toBe(25);
  });

  it('lets effects wait for their record, and not for the snapshot that comes with it', async () => {
    const { clock, sink, writer, performed, append } = setUp({ snapshotEvery: 2 });
    let saved: () => void = () => undefined;
    sink.saveSnapshot = () => new Promise<void>((resolve) => (saved = resolve));
    append(1);
    append(2);
    await settled();
    expect(performed).toEqual([1, 2]);
    append(3);
    await settled();
    expect(sink.taken.size).toBe(2);
    saved();
    await settled();
    expect([[...sink.taken.keys()], performed]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const closed = writer.close(3);
    await settled();
    saved();
    await closed;
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes again only the snapshot when the records have been taken', async () => {
    const { clock, sink, performed, append } = setUp({ snapshotEvery: 2 });
    const appended: number[] = [];
    const take = sink.append.bind(sink);
    sink.append = (records) => {
      appended.push(...records.map(({ n }) => n));
      return take(records);
    };
    const save = sink.saveSnapshot.bind(sink);
    sink.saveSnapshot = () => Promise.reject(new Error('not primary'));
    append(1);
    append(2);
    await clock.advanceAsync(500);
    sink.saveSnapshot = save;
    await clock.advanceAsync(2000);
    expect(sink.snapshots.map(({ n }) => n)).toEqual([2]);
    expect([appended, performed]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('ends with a snapshot, and gives up a store that does not answer', async () => {
    const { clock, sink, writer, append } = setUp();
    append(1);
    const closed = writer.close(1);
    await settled();
    await clock.advanceAsync(1000);
    await closed;
    expect(sink.snapshots.map(({ n }) => n)).toEqual([1]);
    const silent = setUp();
    silent.sink.refuse = never;
    silent.append(1);
    const given = silent.writer.close(1);
    await silent.clock.advanceAsync(1000);
    await settled();
    await given;
    expect(silent.clock.pendingTimers).toBe(0);
  });
});
