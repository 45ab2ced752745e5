import type { Strategy } from './strategy';

/** The `ringAtOnce` longest idle agents ring together, and the first to accept has the contact. */
export const ringSeveral: Strategy = {
  name: 'ring-several',
  rank: () => 0,
  atOnce: (queue) => queue.ringAtOnce ?? 1,
};
