import type { PairScore } from './score';

/** 1 for the agent whom the customer knows. */
export const preferredAgent: PairScore = {
  kind: 'pair',
  name: 'preferredAgent',
  of: (contact, agent) => (contact.attributes.preferredAgentId === agent.agentId ? 1 : 0),
};
