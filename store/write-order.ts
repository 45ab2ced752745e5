/**
 * Whole documents of one `_id` that are written one after the other, of which an earlier one may land last: an operation
 * that the driver or its owner has given up may still be on its way to the server, and land when that way is healed.
 * Every document therefore says which write it is, and none replaces one of a later write of the same program.
 */
import type { Collection, Document, Filter, WithoutId } from 'mongodb';
import { SwitchroomError } from '../base/errors';
import { newId } from '../base/ids';
import { SHORT_LIMIT_MS, ours } from './faults';

/** Part of a document. */
export interface WriteMark {
  /** The program's life: what an earlier one has written is always older. */
  readonly by: string;
  /** Grows with every write. */
  readonly n: number;
}

export interface Marked {
  readonly write: WriteMark;
}

/** One for all collections of a program. */
export class WriteOrder {
  private readonly by = newId();
  private n = 0;

  /** For the write that is begun now. */
  next(): WriteMark {
    this.n += 1;
    return { by: this.by, n: this.n };
  }
}

/** That document, unless a later write of the same program was there before. */
export const notNewer = (_id: string, { by, n }: WriteMark): Document => ({
  _id,
  $or: [{ 'write.by': { $ne: by } }, { 'write.n': { $lt: n } }],
});

/**
 * Adds the document, or replaces an older one; does nothing when a newer one is there. Its collection has no other unique
 * index than that of `_id`.
 * @throws SwitchroomError `unavailable` when the database does not answer; the document may still land then.
 */
export const replaceOlder = async <Stored extends Marked & { _id: string }>(
  collection: Collection<Stored>,
  _id: string,
  document: WithoutId<Stored>,
): Promise<void> => {
  const older = notNewer(_id, (document as Marked).write) as Filter<Stored>;
  try {
    await ours(collection.replaceOne(older, document, { upsert: true }), SHORT_LIMIT_MS);
  } catch (error) {
    // Nothing older was found, and the id is taken: by a newer one, or by this one, which the driver has sent twice.
    if (!(error instanceof SwitchroomError) || error.code !== 'conflict') throw error;
  }
};
