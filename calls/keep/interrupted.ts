/** What a call that cannot go on after a restart ends with. */
export const INTERRUPTED = { party: 'system', reason: 'app-interrupted', failed: true } as const;
