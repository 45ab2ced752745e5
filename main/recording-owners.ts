/** Whose a recording is that a crash has left open, by the name that its mark holds. */

/** Begins the names of processes that run alone on a machine, where several write into one folder. */
export const REMOTE_OWNER = 'host:';

/** Of a process of the supervisor's: everything that none of the others here, and no other machine, is writing. */
export const isLeftHere =
  (others: readonly string[]) =>
  (owner: string): boolean =>
    !others.includes(owner) && !owner.startsWith(REMOTE_OWNER);
