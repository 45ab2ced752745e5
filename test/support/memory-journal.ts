/** A journal in memory: what it has taken is there, as JSON would bring it back. */
import type { JournalReader, JournalRecord, JournalSink, JournalSnapshot } from '../../acd/journal/journal';

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

export class MemoryJournal implements JournalSink, JournalReader {
  readonly taken = new Map<number, JournalRecord>();
  readonly snapshots: JournalSnapshot[] = [];
  /** Instead of taking what comes: an error, or a promise that stays open. */
  refuse: (() => Promise<never>) | undefined;

  async append(records: readonly JournalRecord[]): Promise<void> {
    if (this.refuse) return this.refuse();
    for (const record of records) this.taken.set(record.n, copy(record));
    return Promise.resolve();
  }

  async saveSnapshot(snapshot: JournalSnapshot): Promise<void> {
    if (this.refuse) return this.refuse();
    this.snapshots.push(copy(snapshot));
    return Promise.resolve();
  }

  latestSnapshot(n = Infinity): Promise<JournalSnapshot | undefined> {
    return Promise.resolve(this.snapshots.findLast((snapshot) => snapshot.n <= n));
  }

  firstAt(atMs: number): Promise<number | undefined> {
    return Promise.resolve([...this.taken.values()].find((record) => record.atMs >= atMs)?.n);
  }

  async *records(afterN: number, untilN = Infinity): AsyncGenerator<JournalRecord> {
    await Promise.resolve();
    for (const record of this.taken.values()) if (record.n > afterN && record.n <= untilN) yield record;
  }

  decisionsOf(contactId: string): Promise<JournalRecord[]> {
    const has = (record: JournalRecord): boolean => record.decisions.some((one) => one.contactId === contactId);
    return Promise.resolve([...this.taken.values()].filter(has));
  }
}
