import type { Strategy } from './strategy';

/** Who has waited longest since the last contact, or since signing in: the tie-break of all strategies. */
export const longestIdle: Strategy = { name: 'longest-idle', rank: () => 0 };
