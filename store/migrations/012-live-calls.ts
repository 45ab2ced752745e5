import { expireRecords } from './004-lasting';
import type { Migration } from './migration';

export const expireLiveCalls: Migration = {
  number: 12,
  name: 'records of running calls end by themselves',
  up: (db) => expireRecords(db, 'liveCalls'),
};
