import type { ContactScore } from './score';

/** The contact's priority, the queue's included: a head start, which those who wait longer catch up with. */
export const priority: ContactScore = {
  kind: 'contact',
  name: 'priority',
  perMs: 0,
  of: (contact) => contact.priority,
};
