/** Lasting records in memory: what has been saved is there for the next process of a test, as JSON would bring it back. */
import type { Lasting, LastingStore } from '../../base/lasting';

export class MemoryLastingStore<Value> implements LastingStore<Value> {
  readonly records = new Map<string, string>();
  /** How many writes it has been asked for. */
  writes = 0;
  /** Instead of writing. */
  refuse: (() => Promise<never>) | undefined;

  async save(record: Lasting<Value>): Promise<void> {
    this.writes += 1;
    if (this.refuse) return this.refuse();
    this.records.set(record.id, JSON.stringify(record));
    return Promise.resolve();
  }

  async remove(id: string): Promise<void> {
    this.writes += 1;
    if (this.refuse) return this.refuse();
    this.records.delete(id);
    return Promise.resolve();
  }

  list(nowMs: number, limit: number): Promise<Lasting<Value>[]> {
    const all = [...this.records.values()].map((text) => JSON.parse(text) as Lasting<Value>);
    const live = all.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    return Promise.resolve(live.sort((a, b) => b.expiresAtMs - a.expiresAtMs).slice(0, limit));
  }
}
