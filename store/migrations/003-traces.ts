import { TRACE_KEPT_S } from '../traces';
import type { Migration } from './migration';

export const expireTraces: Migration = {
  number: 3,
  name: 'traces of calls end after a month',
  async up(db) {
    await db
      .collection('traces')
      .createIndexes([{ key: { savedAt: 1 }, name: 'expiry', expireAfterSeconds: TRACE_KEPT_S }]);
  },
};
