import type { AgentScore } from './score';

/** Milliseconds since the agent's last contact, or since signing in. */
export const idle: AgentScore = {
  kind: 'agent',
  name: 'idle',
  perMs: 1,
  of: (agent, nowMs) => nowMs - agent.idleSinceMs,
};
