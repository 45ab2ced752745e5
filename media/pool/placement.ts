/** Which process takes a new leg. */
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { OpenEndpoint, OpenedEndpoint } from '../ports';
import { moveTo } from './book';
import type { PooledEndpoint } from './book';
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

/** With these another process may be asked: it is full, or just gone. */
const PASSED_OVER: readonly string[] = ['unavailable', 'overloaded'];

/**
 * Opens a leg in the first of these processes that can take it, and moves it there.
 * @param isWanted asked after each answer: whoever closes the leg meanwhile closes it where it is being opened.
 */
export async function openSomewhere(
  endpoint: PooledEndpoint,
  places: readonly Member[],
  { request, isWanted }: { readonly request: OpenEndpoint; readonly isWanted: () => boolean },
): Promise<Result<OpenedEndpoint>> {
  let opened: Result<OpenedEndpoint> = nobody();
  for (const member of places) {
    moveTo(endpoint, member);
    opened = await member.port.openEndpoint(request);
    if (!isWanted()) return fail('closed', `endpoint ${endpoint.endpointId} was closed`);
    if (opened.ok || !PASSED_OVER.includes(opened.fault.code)) return opened;
  }
  return opened;
}

export const nobody = (): ReturnType<typeof fail> => fail('unavailable', 'no media process takes calls at the moment');
