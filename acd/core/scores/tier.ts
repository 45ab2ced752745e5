import type { ContactScore } from './score';

/** The customer's class, from 0. */
export const tier: ContactScore = {
  kind: 'contact',
  name: 'tier',
  perMs: 0,
  of: (contact) => contact.attributes.tier ?? 0,
};
