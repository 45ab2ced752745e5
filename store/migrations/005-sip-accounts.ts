import { expireRecords } from './004-lasting';
import type { Migration } from './migration';

export const expireSipAccounts: Migration = {
  number: 5,
  name: "browsers' SIP passwords end by themselves",
  up: (db) => expireRecords(db, 'sipAccounts'),
};
