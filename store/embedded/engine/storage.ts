/**
 * The key-value file. All writes go through {@link Storage.write}: jobs that arrive while a commit is on its way to the
 * disk are committed together with the next one, so that many small writes share one flush (group commit).
 */
import { open, type RootDatabase } from 'lmdb';
import { messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/log';
import { CommandError } from '../errors';
import type { KeyRange } from './keyspace';

/** Keys that one step of a scan reads; a scan holds no read transaction between steps. */
const SCAN_STEP = 256;

export interface StorageEvents {
  /** A commit has reached the disk: what its jobs changed in memory is now true. */
  committed(): void;
  /** A commit failed: what its jobs changed in memory never happened. */
  failed(): void;
}

interface Job {
  run: () => void;
  reject: (error: Error) => void;
  settle: () => void;
}

export class Storage {
  private readonly db: RootDatabase<Buffer, Buffer>;
  private readonly log: Logger;
  private queue: Job[] = [];
  private working: Promise<void> | undefined;
  private closed = false;
  private closing: Promise<void> | undefined;
  private events: StorageEvents = { committed: () => undefined, failed: () => undefined };

  /** @param dependencies.dataDir the folder that holds the files; it must exist. */
  constructor({ dataDir, log }: { dataDir: string; log: Logger }) {
    this.log = log;
    // Without overlapping synchronisation a commit's promise resolves only after its fdatasync.
    this.db = open<Buffer, Buffer>({
      path: dataDir,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
      overlappingSync: false,
    });
  }

  observe(events: StorageEvents): void {
    this.events = events;
  }

  get(key: Buffer): Buffer | undefined {
    return this.db.get(key);
  }

  /** Inside a write job only. */
  put(key: Buffer, value: Buffer): void {
    this.db.putSync(key, value);
  }

  /** Inside a write job only. */
  remove(key: Buffer): void {
    this.db.removeSync(key);
  }

  count({ start, end }: KeyRange): number {
    return this.db.getKeysCount({ start, end });
  }

  /** Keys in order. The scan may be left and taken up again at any later time; it sees what is there then. */
  *keys({ start, end }: KeyRange, reverse = false): Generator<Buffer> {
    let from = reverse ? end : start;
    let skipFirst = reverse; // A reversed range begins at its exclusive end.
    for (;;) {
      const range = reverse
        ? { start: from, end: start, reverse: true, inclusiveEnd: true, exclusiveStart: skipFirst, limit: SCAN_STEP }
        : { start: from, end, exclusiveStart: skipFirst, limit: SCAN_STEP };
      const step = Array.from(this.db.getKeys(range));
      for (const key of step) if (!(reverse && Buffer.compare(key, start) < 0)) yield key;
      if (step.length < SCAN_STEP) return;
      from = step[step.length - 1] as Buffer;
      skipFirst = true;
    }
  }

  /** Runs `change` in a write transaction of its own in this instant; for the time before the server listens. */
  writeNow<Value>(change: () => Value): Value {
    return this.db.transactionSync(change);
  }

  /**
   * Runs `change` in the next write transaction and resolves once that is on the disk. A change that throws must not
   * have written anything yet: the transaction is shared.
   */
  write<Value>(change: () => Value): Promise<Value> {
    if (this.closed) return Promise.reject(new CommandError('ShutdownInProgress', 'the store is closing'));
    return new Promise<Value>((resolve, reject) => {
      let outcome: { value: Value } | { error: Error } | undefined;
      this.queue.push({
        run: () => {
          try {
            outcome = { value: change() };
          } catch (error) {
            outcome = { error: error instanceof Error ? error : new Error(String(error)) };
          }
        },
        settle: () => {
          if (!outcome) reject(new Error('the transaction ended without its job'));
          else if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        },
        reject,
      });
      this.working ??= this.work();
    });
  }

  /** Accepts no more writes and waits for those under way. */
  async flush(): Promise<void> {
    this.closed = true;
    await this.working;
  }

  /** Waits for the writes under way, then closes the file; idempotent. */
  close(): Promise<void> {
    this.closing ??= this.flush().then(() => this.db.close());
    return this.closing;
  }

  private async work(): Promise<void> {
    await Promise.resolve();
    while (this.queue.length > 0) {
      const jobs = this.queue;
      this.queue = [];
      try {
        await this.db.transaction(() => {
          for (const job of jobs) job.run();
        });
        this.db.resetReadTxn();
        this.events.committed();
        for (const job of jobs) job.settle();
      } catch (error) {
        this.log.error({ err: error, jobs: jobs.length }, 'a commit failed');
        this.events.failed();
        for (const job of jobs) job.reject(new CommandError('InternalError', `the commit failed: ${messageOf(error)}`));
      }
    }
    this.working = undefined;
  }
}
