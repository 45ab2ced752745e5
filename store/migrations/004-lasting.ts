import { LASTING_COLLECTIONS } from '../lasting';
import type { Migration } from './migration';

export const expireLasting: Migration = {
  number: 4,
  name: 'bans, contexts and sessions end by themselves',
  async up(db) {
    for (const collection of LASTING_COLLECTIONS) {
      await db
        .collection(collection)
        .createIndexes([{ key: { expiresAt: -1 }, name: 'expiry', expireAfterSeconds: 0 }]);
    }
  },
};
