import type { FitScore } from './score';

/** Sum of the agent's levels in the skills that are wanted. A negative weight keeps the best for harder contacts. */
export const skillFit: FitScore = {
  kind: 'fit',
  name: 'skillFit',
  of: (needs, agent) => {
    let sum = 0;
    for (const skill in needs.wanted) sum += agent.skills[skill] ?? 0;
    return sum;
  },
};
