import type { ContactScore } from './score';

/** Milliseconds since arrival. It grows without end, so that nobody waits for ever behind higher priorities. */
export const waiting: ContactScore = {
  kind: 'contact',
  name: 'waiting',
  perMs: 1,
  of: (contact, nowMs) => nowMs - contact.arrivedAtMs,
};
