/** Work on two calls at once. */
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';

/**
 * Runs work when neither call has anything else to do. Calls are taken in the order of their ids, so that two such works
 * never wait for each other; must not be asked for inside a call's serial queue.
 */
export const onBothCalls = (
  ctx: CallContext,
  [one, other]: readonly [Call, Call],
  work: () => Promise<void> | void,
): void => {
  if (one === other) return onCall(ctx, one, work);
  const [first, second] = one.callId < other.callId ? [one, other] : [other, one];
  onCall(ctx, first, () => ctx.serial.run(second.callId, work));
};
