import type { Interaction } from '../interaction';
import { numberPartsOf } from '../interactions';
import type { Migration } from './migration';

/** A part of a number is found by an index, whether of who called or of who was called. */
export const indexNumberParts: Migration = {
  number: 10,
  name: 'interactions by parts of their numbers',
  async up(db) {
    const interactions = db.collection<Interaction & { numberParts?: string[] }>('interactions');
    for await (const { _id, caller, called } of interactions.find({ numberParts: { $exists: false } }))
      await interactions.updateOne({ _id }, { $set: { numberParts: numberPartsOf({ caller, called }) } });
    await interactions.createIndexes([{ key: { numberParts: 1 }, name: 'number_parts' }]);
  },
};
