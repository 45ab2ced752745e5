import type { ContactScore } from './score';

/** Open cases of the customer: who has to call again should not wait again. */
export const openCases: ContactScore = {
  kind: 'contact',
  name: 'openCases',
  perMs: 0,
  of: (contact) => contact.attributes.openCases ?? 0,
};
