/**
 * Small records that outlive the process and end by themselves: bans, contexts of calls that are handed over, sessions.
 * Who owns them keeps them in memory, where decisions are made without waiting; {@link LastingRecords} writes behind.
 */
import type { Clock, Timer } from './clock';
import { messageOf } from './errors';
import type { Logger } from './log';

/** One record; its value is what JSON can say. */
export interface Lasting<Value> {
  readonly id: string;
  readonly value: Value;
  /** Milliseconds since 1970; from then on it is gone. */
  readonly expiresAtMs: number;
}

/** Where they lie. Every implementation passes the tests in `test/contract/store/lasting.test.ts`. */
export interface LastingStore<Value> {
  /** Adds, or replaces the one with the same id. */
  save(record: Lasting<Value>): Promise<void>;
  /** Does nothing when there is none. */
  remove(id: string): Promise<void>;
  /** Those that have not expired at `nowMs`, those that expire last first, at most `limit`. */
  list(nowMs: number, limit: number): Promise<Lasting<Value>[]>;
}

export interface LastingRecordsDependencies<Value> {
  readonly store: LastingStore<Value>;
  readonly clock: Clock;
  readonly log: Logger;
  /** For the log, such as `bans`. */
  readonly name: string;
  /** How many are read at the start, and how many changes wait for the store at most. */
  readonly maxRecords: number;
}

const BATCH = 64;
const RETRY_MS = 1_000;

/**
 * Writes records behind their owner's back. Of several changes of one record that wait only the last is written, so that
 * what waits is bounded by the owner's own table. What the store does not take is tried again until `close()`.
 */
export class LastingRecords<Value> {
  /** Undefined: to be removed. */
  private readonly waiting = new Map<string, Lasting<Value> | undefined>();
  private writing: Promise<void> | undefined;
  private retry: Timer | undefined;
  private closed = false;
  private refused = false;
  private readonly waiters = new Map<string, (() => void)[]>();
  private found: readonly Lasting<Value>[];

  private constructor(
    private readonly deps: LastingRecordsDependencies<Value>,
    found: readonly Lasting<Value>[],
  ) {
    this.found = found;
  }

  /** @throws SwitchroomError when the store cannot be read. */
  static async load<Value>(deps: LastingRecordsDependencies<Value>): Promise<LastingRecords<Value>> {
    return new LastingRecords(deps, await deps.store.list(deps.clock.nowMs(), deps.maxRecords));
  }

  /** What was there at the start, what expires first coming first; for its owner, once. */
  takeFound(): readonly Lasting<Value>[] {
    const found = [...this.found].reverse();
    this.found = [];
    return found;
  }

  save(record: Lasting<Value>): void {
    this.change(record.id, record);
  }

  remove(id: string): void {
    this.change(id, undefined);
  }

  /** Whether the store has refused something that is still to be written. */
  get isBehind(): boolean {
    return this.refused;
  }

  /** Resolves when the latest change of this record is in the store, however long that takes, or nothing is written any more. */
  written(id: string): Promise<void> {
    if (this.closed || !this.waiting.has(id)) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]);
    });
  }

  /** Resolves when what has changed until now is written, or the store has refused it for the time being. */
  async settled(): Promise<void> {
    await this.writing;
  }

  /** Writes what waits, for a last time if the store has refused it, and takes nothing after it. Idempotent. */
  async close(): Promise<void> {
    this.closed = true;
    this.retry?.cancel();
    await this.writing;
    await this.begin();
    this.waiting.clear();
    for (const id of [...this.waiters.keys()]) this.tell(id);
  }

  private change(id: string, record: Lasting<Value> | undefined): void {
    if (this.closed) return;
    const { maxRecords, log, name } = this.deps;
    if (this.waiting.size >= maxRecords && !this.waiting.has(id)) {
      log.warn({ records: name, waiting: this.waiting.size }, 'the store is behind; a record is not written down');
      return;
    }
    this.waiting.delete(id);
    this.waiting.set(id, record);
    if (!this.retry) void this.begin();
  }

  private begin(): Promise<void> {
    this.retry = undefined;
    return (this.writing ??= this.writeAll());
  }

  private async writeAll(): Promise<void> {
    // The owner's other changes of this moment go along.
    await Promise.resolve();
    let taken = true;
    while (taken && this.waiting.size > 0) {
      taken = await this.writeBatch();
      this.refused = !taken;
    }
    this.writing = undefined;
    if (!taken && !this.closed) this.retry = this.deps.clock.after(RETRY_MS, () => void this.begin());
  }

  /** @returns whether the store has taken all of it. */
  private async writeBatch(): Promise<boolean> {
    const batch = [...this.waiting].slice(0, BATCH);
    const written = await Promise.allSettled(batch.map(([id, record]) => this.write(id, record)));
    const refused = written.find((one) => one.status === 'rejected');
    if (!refused) return true;
    const { log, name } = this.deps;
    log.warn({ records: name, reason: messageOf(refused.reason) }, 'the store did not take a record');
    return false;
  }

  private async write(id: string, record: Lasting<Value> | undefined): Promise<void> {
    const { store } = this.deps;
    await (record ? store.save(record) : store.remove(id));
    // A later change of the same record waits on.
    if (this.waiting.get(id) !== record || !this.waiting.has(id)) return;
    this.waiting.delete(id);
    this.tell(id);
  }

  private tell(id: string): void {
    const waiters = this.waiters.get(id) ?? [];
    this.waiters.delete(id);
    for (const written of waiters) written();
  }
}
