import { expireRecords } from './004-lasting';
import type { Migration } from './migration';

export const expireStandingAlarms: Migration = {
  number: 14,
  name: 'alarms that stand outlive the app',
  up: (db) => expireRecords(db, 'standingAlarms'),
};
