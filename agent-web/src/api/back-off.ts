/** How long to wait before trying to connect again. */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/**
 * The delay before an attempt: doubled each time up to 15 s, the upper half left to chance so that all desks do not
 * return in the same moment after the server's restart.
 * @param attempt how many attempts have failed in a row, from 1.
 * @param chance a number from 0 to 1.
 */
export const backOffMs = (attempt: number, chance: number): number => {
  const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(ceilingMs / 2 + (ceilingMs / 2) * chance);
};
