import type { FitScore } from './score';

/** 1 when agent and contact are at the same site; agents of other sites are as much farther away as this weighs. */
export const sameSite: FitScore = {
  kind: 'fit',
  name: 'sameSite',
  of: (needs, agent) => (needs.site !== undefined && needs.site === agent.site ? 1 : 0),
};
