import type { FitScore } from './score';

/** 1 when the agent's main skill is among those that are wanted. */
export const mainSkill: FitScore = {
  kind: 'fit',
  name: 'mainSkill',
  of: (needs, agent) => (agent.mainSkill !== undefined && needs.wanted[agent.mainSkill] !== undefined ? 1 : 0),
};
