import type { AgentScore } from './score';

/** Thousandths of the signed-in time without a contact: a positive weight asks the less occupied first. */
export const rest: AgentScore = {
  kind: 'agent',
  name: 'rest',
  perMs: 0,
  of: (agent) => 1000 - agent.occupancyPermille,
};
