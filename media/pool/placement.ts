/** Which process takes a new leg. */
import type { Member } from './member';

/**
 * The process of the call that the leg belongs to, even when it takes no more calls; for a call that begins the one with
 * the least load, the first of those that have the same. Then the others in the order of their load, in case that one
 * cannot.
 */
export const placesFor = (members: readonly Member[], near: Member | undefined): readonly Member[] => {
  const byLoad = members.filter(({ takesCalls }) => takesCalls).sort((one, other) => one.load - other.load);
  if (!near?.port.ready) return byLoad;
  return [near, ...byLoad.filter((member) => member !== near)];
};
