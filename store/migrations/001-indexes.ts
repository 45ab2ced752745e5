import type { Migration } from './migration';

export const createFirstIndexes: Migration = {
  number: 1,
  name: 'indexes for history, users and audit',
  async up(db) {
    await db.collection('interactions').createIndexes([
      { key: { startedAtMs: -1, _id: -1 }, name: 'newest' },
      { key: { agentId: 1, startedAtMs: -1, _id: -1 }, name: 'agent_newest' },
      { key: { queueId: 1, startedAtMs: -1, _id: -1 }, name: 'queue_newest' },
      { key: { 'outcome.result': 1, startedAtMs: -1, _id: -1 }, name: 'result_newest' },
      { key: { open: 1 }, name: 'open', sparse: true },
    ]);
    await db.collection('users').createIndexes([
      { key: { userName: 1 }, name: 'user_name', unique: true },
      { key: { 'agent.agentId': 1 }, name: 'agent', unique: true, sparse: true },
    ]);
    await db.collection('audit').createIndexes([
      { key: { atMs: -1, _id: -1 }, name: 'newest' },
      { key: { userName: 1, atMs: -1, _id: -1 }, name: 'user_newest' },
    ]);
  },
};
