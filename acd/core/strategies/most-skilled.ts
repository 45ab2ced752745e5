import type { Strategy } from './strategy';

/** Who has the highest sum of levels in the skills that are wanted. */
export const mostSkilled: Strategy = {
  name: 'most-skilled',
  rank: (agent, _queue, wanted) => {
    let sum = 0;
    for (const skill in wanted) sum += agent.skills[skill] ?? 0;
    return -sum;
  },
};
