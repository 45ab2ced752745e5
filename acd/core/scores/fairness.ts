import type { AgentScore } from './score';

/** Minus the contacts that the agent has had since signing in. */
export const fairness: AgentScore = { kind: 'agent', name: 'fairness', perMs: 0, of: (agent) => -agent.handled };
