import { expireRecords } from './004-lasting';
import type { Migration } from './migration';

export const indexWaits: Migration = {
  number: 11,
  name: 'waits in queues by arrival, and events on their way to webhooks',
  async up(db) {
    await db.collection('waits').createIndexes([
      { key: { arrivedAtMs: 1 }, name: 'arrival' },
      { key: { expiresAt: 1 }, name: 'expiry', expireAfterSeconds: 0 },
    ]);
    await expireRecords(db, 'webhookOutbox');
  },
};
