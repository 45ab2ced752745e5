/** A short drop of the line: the caller who waited and calls again soon has the old place. */
import { DEFAULT_RECONNECT_MS } from '../store/waiting-terms';
import type { Call } from './call';
import type { CallContext } from './context';
import type { Ending } from './outcome';
import type { CallPhase } from './phase';

/** For how long the ACD keeps the place of a caller who leaves the queue; undefined when that was the caller's own will. */
export const keptPlaceMs = (
  ctx: CallContext,
  { queueId }: Call,
  { before, ending }: { readonly before: CallPhase; readonly ending: Ending },
): number | undefined => {
  if ((before.kind !== 'queued' && before.kind !== 'ringing') || queueId === undefined) return undefined;
  const { reconnectMs = DEFAULT_RECONNECT_MS, reconnectAnyone = false } = ctx.directory.queue(queueId)?.waiting ?? {};
  const isCut = ending.failed === true || ending.cut === true;
  const isCaller = ending.party === 'caller';
  return reconnectMs > 0 && (isCut || (reconnectAnyone && isCaller)) ? reconnectMs : undefined;
};
