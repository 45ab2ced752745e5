/** Open cursors: results that a client has not fetched yet. Bounded in number and closed when nobody asks for them. */
import { Long } from 'bson';
import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../base/clock';
import { CommandError } from './errors';

/** Documents of a first batch unless the client says otherwise. */
export const DEFAULT_BATCH_DOCUMENTS = 101;
/** A batch ends with the document that passes this, so that a reply stays below the largest message. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_TIMEOUT_MS = 10 * 60_000;
const SWEEP_PERIOD_MS = 60_000;
const MAX_CURSORS = 10_000;

interface Entry {
  id: Long;
  namespace: string;
  documents: Iterator<Buffer>;
  /** A document that was read but did not fit into the last batch. */
  held: Buffer | undefined;
  usedMs: number;
}

export interface BatchOfDocuments {
  documents: Buffer[];
  /** Zero when the cursor is exhausted. */
  cursorId: Long;
}

export class Cursors {
  private readonly clock: Clock;
  private readonly entries = new Map<string, Entry>();
  private readonly sweeper: Timer;

  constructor({ clock }: { clock: Clock }) {
    this.clock = clock;
    this.sweeper = clock.every(SWEEP_PERIOD_MS, () => this.sweep());
  }

  get size(): number {
    return this.entries.size;
  }

  /** Takes the first batch, and keeps a cursor when there is more. @param batchSize undefined: the default. */
  open(
    namespace: string,
    documents: Iterator<Buffer>,
    { batchSize, single }: { batchSize: number | undefined; single: boolean },
  ): BatchOfDocuments {
    const entry: Entry = { id: Long.ZERO, namespace, documents, held: undefined, usedMs: this.clock.monotonicMs() };
    const { batch, done } = takeBatch(entry, batchSize ?? DEFAULT_BATCH_DOCUMENTS);
    if (done || single) {
      documents.return?.();
      return { documents: batch, cursorId: Long.ZERO };
    }
    if (this.entries.size >= MAX_CURSORS)
      throw new CommandError('ExceededMemoryLimit', `more than ${MAX_CURSORS} cursors are open`);
    entry.id = Long.fromBytesLE([...randomBytes(7), 1]);
    this.entries.set(entry.id.toString(), entry);
    return { documents: batch, cursorId: entry.id };
  }

  /** @throws CommandError for a cursor that is unknown, has timed out or belongs to another collection. */
  more(id: Long, namespace: string, batchSize: number | undefined): BatchOfDocuments {
    const entry = this.entries.get(id.toString());
    if (!entry || entry.namespace !== namespace)
      throw new CommandError('CursorNotFound', `cursor id ${id.toString()} not found`);
    entry.usedMs = this.clock.monotonicMs();
    try {
      const { batch, done } = takeBatch(entry, batchSize ?? Infinity);
      if (done) this.entries.delete(id.toString());
      return { documents: batch, cursorId: done ? Long.ZERO : entry.id };
    } catch (error) {
      this.kill(id, namespace);
      throw error;
    }
  }

  /** @returns whether there was such a cursor. */
  kill(id: Long, namespace: string): boolean {
    const entry = this.entries.get(id.toString());
    if (!entry || entry.namespace !== namespace) return false;
    entry.documents.return?.();
    return this.entries.delete(id.toString());
  }

  close(): void {
    this.sweeper.cancel();
    this.entries.clear();
  }

  private sweep(): void {
    const oldestMs = this.clock.monotonicMs() - IDLE_TIMEOUT_MS;
    for (const [key, entry] of this.entries) if (entry.usedMs < oldestMs) this.entries.delete(key);
  }
}

const takeBatch = (entry: Entry, batchSize: number): { batch: Buffer[]; done: boolean } => {
  const batch: Buffer[] = [];
  let bytes = 0;
  while (batch.length < batchSize) {
    const document = entry.held ?? nextOf(entry.documents);
    entry.held = undefined;
    if (!document) return { batch, done: true };
    bytes += document.length;
    if (batch.length > 0 && bytes > MAX_BATCH_BYTES) {
      entry.held = document;
      return { batch, done: false };
    }
    batch.push(document);
  }
  // Looking one ahead spares the client a round trip for an empty last batch.
  entry.held = batchSize === 0 ? undefined : nextOf(entry.documents);
  return { batch, done: batchSize !== 0 && entry.held === undefined };
};

const nextOf = (documents: Iterator<Buffer>): Buffer | undefined => {
  const next = documents.next();
  return next.done === true ? undefined : next.value;
};
