import type { Db } from 'mongodb';
import type { LastingCollection } from '../lasting';
import type { Migration } from './migration';

/** Has the database remove from a collection of {@link LastingCollection} what has expired. */
export const expireRecords = async (db: Db, collection: LastingCollection): Promise<void> => {
  const index = { key: { expiresAt: -1 }, name: 'expiry', expireAfterSeconds: 0 } as const;
  await db.collection(collection).createIndexes([index]);
};

export const expireLasting: Migration = {
  number: 4,
  name: 'bans, contexts and sessions end by themselves',
  async up(db) {
    for (const collection of ['guard', 'handedContexts', 'subscriptions', 'sessions'] as const) {
      await expireRecords(db, collection);
    }
  },
};
