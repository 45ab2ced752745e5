import type { Migration } from './migration';

/** A report of one agent does not read everybody's days. */
export const indexTimesOfOneAgent: Migration = {
  number: 17,
  name: 'times and waits of one agent',
  async up(db) {
    await db.collection('agentTimes').createIndexes([{ key: { agentId: 1, fromMs: 1 }, name: 'agent_begin' }]);
    await db.collection('waits').createIndexes([{ key: { agentId: 1, arrivedAtMs: 1 }, name: 'agent_arrival' }]);
  },
};
