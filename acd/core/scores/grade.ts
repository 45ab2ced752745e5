import type { AgentScore } from './score';

/** The agent's grade: a positive weight asks experts first. */
export const grade: AgentScore = { kind: 'agent', name: 'grade', perMs: 0, of: (agent) => agent.grade };
