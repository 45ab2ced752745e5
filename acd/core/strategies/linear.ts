import type { Strategy } from './strategy';

/** Always in the order of `agentOrder`; agents who are not named come after those who are. */
export const linear: Strategy = {
  name: 'linear',
  rank: (agent, queue) => {
    const place = queue.agentOrder?.indexOf(agent.agentId) ?? -1;
    return place < 0 ? Number.MAX_SAFE_INTEGER : place;
  },
};
