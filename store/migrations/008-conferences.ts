import type { Migration } from './migration';

export const indexConferences: Migration = {
  number: 8,
  name: 'an index for the conferences in the history',
  async up(db) {
    await db
      .collection('interactions')
      .createIndexes([{ key: { 'conferences.roomId': 1, startedAtMs: -1 }, name: 'conference_room', sparse: true }]);
  },
};
