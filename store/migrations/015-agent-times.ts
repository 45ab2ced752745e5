import type { Migration } from './migration';

export const indexAgentTimes: Migration = {
  number: 15,
  name: 'times of agents by their begin',
  async up(db) {
    await db.collection('agentTimes').createIndexes([
      { key: { fromMs: 1 }, name: 'begin' },
      { key: { expiresAt: 1 }, name: 'expiry', expireAfterSeconds: 0 },
    ]);
  },
};
