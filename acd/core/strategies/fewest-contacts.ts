import type { Strategy } from './strategy';

/** Who has had the fewest contacts since signing in. */
export const fewestContacts: Strategy = { name: 'fewest-contacts', rank: (agent) => agent.handled };
