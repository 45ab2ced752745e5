import type { Migration } from './migration';

/** Messages are few among many recordings. */
export const indexMessages: Migration = {
  number: 13,
  name: 'messages that callers have left, newest first',
  async up(db) {
    await db
      .collection('recordings')
      .createIndexes([{ key: { isMessage: 1, startedAtMs: -1, _id: -1 }, name: 'message_newest' }]);
  },
};
