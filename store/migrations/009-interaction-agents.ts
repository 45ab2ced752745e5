import type { Interaction } from '../interaction';
import { agentIdsOf } from '../interactions';
import type { Migration } from './migration';

/** An agent's history is found by one index, whichever part the agent had in a call. */
export const indexInteractionAgents: Migration = {
  number: 9,
  name: 'interactions by everybody who was their agent',
  async up(db) {
    const interactions = db.collection<Interaction & { agentIds?: string[] }>('interactions');
    for await (const { _id, agentId, parties } of interactions.find({ agentIds: { $exists: false } }))
      await interactions.updateOne({ _id }, { $set: { agentIds: agentIdsOf({ agentId, parties }) } });
    await interactions.createIndexes([{ key: { agentIds: 1, startedAtMs: -1, _id: -1 }, name: 'agents_newest' }]);
    if (await interactions.indexExists('agent_newest')) await interactions.dropIndex('agent_newest');
  },
};
