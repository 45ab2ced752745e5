import type { Strategy } from './strategy';

/** Whose signed-in time was occupied least, so that those who came late are not flooded to catch up in number. */
export const fairShare: Strategy = { name: 'fair-share', rank: (agent) => agent.occupancyPermille };
