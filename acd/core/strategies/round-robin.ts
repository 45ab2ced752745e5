import type { Strategy } from './strategy';

/** In turn: who was chosen for this queue the longest ago, first those who never were. */
export const roundRobin: Strategy = {
  name: 'round-robin',
  rank: (agent, queue) => queue.turns.get(agent.agentId) ?? 0,
};
