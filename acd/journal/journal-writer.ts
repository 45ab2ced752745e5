/**
 * Writes the journal in order and in batches, and says when an event is written: only then its effects may be
 * performed. A store that does not answer must not stop calls: after a while effects go ahead of the journal, what is
 * missing waits in memory and is written when the store is back.
 */
import type { Clock, Timer } from '../../base/clock';
import { sleep, within } from '../../base/clock';
import type { Logger } from '../../base/log';
import { patience } from '../../base/patience';
import type { JournalRecord, JournalSink, JournalSnapshot } from './journal';

export interface JournalWriterOptions {
  readonly sink: JournalSink;
  readonly clock: Clock;
  readonly log: Logger;
  /** The state at this moment; asked for directly after the event of which the number is given. */
  readonly snapshot: (n: number) => JournalSnapshot;
  /** How long effects wait for the store; default 1000. */
  readonly patienceMs?: number;
  /** Records that may wait; beyond them a snapshot takes their place. Default 50,000. */
  readonly maxWaiting?: number;
  /** Records between two snapshots, which bound the replay; default 10,000. */
  readonly snapshotEvery?: number;
  /** Effects begin, or cease, to go ahead of the journal. */
  readonly onBehind?: (behind: boolean) => void;
}

interface Item {
  /** Absent in a snapshot that stands for records that were given up. */
  readonly record?: JournalRecord;
  /** Of the state after the record. */
  readonly snapshot?: JournalSnapshot;
}

const MAX_BATCH = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;

export class JournalWriter {
  private waiting: Item[] = [];
  /** Those who wait for what is not written yet, in order. */
  private unwritten: { readonly n: number; readonly written: () => void }[] = [];
  private sinceSnapshot = 0;
  private flushing: Promise<void> | undefined;
  private patience: Timer | undefined;
  private behind = false;
  private closed = false;
  private readonly options: Required<JournalWriterOptions>;

  constructor(options: JournalWriterOptions) {
    const defaults = { patienceMs: 1000, maxWaiting: 50_000, snapshotEvery: 10_000, onBehind: () => undefined };
    this.options = { ...defaults, ...options };
  }

  /** `written` is called once, in the order of the records: when the record is written, or patience is over. */
  append(record: JournalRecord, written: () => void): void {
    this.sinceSnapshot += 1;
    const due = this.sinceSnapshot >= this.options.snapshotEvery;
    if (due) this.sinceSnapshot = 0;
    this.waiting.push(due ? { record, snapshot: this.options.snapshot(record.n) } : { record });
    if (this.waiting.length > this.options.maxWaiting) this.giveUpRecords(record.n);
    if (this.behind) written();
    else this.await(record.n, written);
    this.flushing ??= this.flush().finally(() => (this.flushing = undefined));
  }

  /** Writes a last snapshot, so that the next start replays nothing; gives up after a while without a store. */
  async close(n: number): Promise<void> {
    this.waiting.push({ snapshot: this.options.snapshot(n) });
    this.flushing ??= this.flush().finally(() => (this.flushing = undefined));
    await within(this.options.clock, this.options.patienceMs, this.flushing);
    this.closed = true;
    this.patience?.cancel();
  }

  private await(n: number, written: () => void): void {
    this.unwritten.push({ n, written });
    this.patience ??= this.beginPatience();
  }

  private beginPatience(): Timer {
    return patience(this.options.clock, this.options.patienceMs, () => this.goAhead());
  }

  private goAhead(): void {
    this.patience = undefined;
    this.behind = true;
    this.options.log.error({ waiting: this.waiting.length }, 'the journal of the ACD is behind: the store is silent');
    this.options.onBehind(true);
    this.release(Infinity);
  }

  private release(untilN: number): void {
    this.patience?.cancel();
    this.patience = undefined;
    let count = 0;
    while (count < this.unwritten.length && (this.unwritten[count]?.n ?? 0) <= untilN) count += 1;
    const released = this.unwritten.splice(0, count);
    if (this.unwritten.length > 0) this.patience = this.beginPatience();
    for (const { written } of released) written();
  }

  /** A bounded memory: what cannot be written is replaced by the state that it led to. */
  private giveUpRecords(n: number): void {
    this.options.log.error({ records: this.waiting.length }, 'records of the ACD are given up for a snapshot');
    this.waiting = [{ snapshot: this.options.snapshot(n) }];
    this.sinceSnapshot = 0;
  }

  private async flush(): Promise<void> {
    // Events of one turn of the event loop go together.
    await Promise.resolve();
    while (this.waiting.length > 0 && !this.closed) {
      await this.write(this.nextBatch());
    }
    if (!this.behind || this.closed) return;
    this.behind = false;
    this.options.log.info('the journal of the ACD is complete again');
    this.options.onBehind(false);
  }

  /** Up to and including the next snapshot. */
  private nextBatch(): Item[] {
    const most = this.waiting.slice(0, MAX_BATCH);
    const snapshotAt = most.findIndex((item) => item.snapshot);
    return this.waiting.splice(0, snapshotAt < 0 ? most.length : snapshotAt + 1);
  }

  private async write(batch: readonly Item[]): Promise<void> {
    const { sink, clock, log } = this.options;
    let records = batch.flatMap(({ record }) => (record ? [record] : []));
    const snapshot = batch.at(-1)?.snapshot;
    for (let pauseMs = FIRST_PAUSE_MS; !this.closed; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        if (records.length > 0) await sink.append(records);
        const last = records.at(-1);
        records = [];
        // Effects wait for their records, and for no snapshot.
        if (last) this.release(last.n);
        if (snapshot) await sink.saveSnapshot(snapshot);
        return;
      } catch (error) {
        log.warn({ err: error, records: records.length }, 'the journal of the ACD could not be written');
        await sleep(clock, pauseMs);
      }
    }
  }
}
