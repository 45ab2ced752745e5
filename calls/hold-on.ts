/**
 * An agent who answers has the call only when sound can come through: until the browser's media are connected the customer
 * hears music, and when that takes too long somebody else is asked.
 */
import type { Timer } from '../base/clock';
import type { EndpointId } from '../base/ids';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { legOf } from './legs';

/** A browser whose ICE and DTLS have not been completed while it rang needs a moment, and much longer over a bad network. */
const PATIENCE_MS = 8_000;

/** An answer that waits for its media. */
export interface HeldAnswer {
  readonly endpointId: EndpointId;
  readonly timer: Timer;
  readonly then: () => Promise<void>;
}

/** Must run inside the call's serial queue, as `then` and `otherwise` will. */
export const holdOn = (
  ctx: CallContext,
  call: Call,
  answer: Omit<HeldAnswer, 'timer'> & { readonly otherwise: () => Promise<void> },
): void => {
  const { endpointId, then, otherwise } = answer;
  const timer = ctx.clock.after(PATIENCE_MS, () =>
    onCall(ctx, call, async () => {
      if (!takeHeld(call, endpointId)) return;
      ctx.log.warn({ callId: call.callId, endpointId }, 'an agent has answered, but no sound can come through');
      await otherwise();
    }),
  );
  call.heldAnswers = [...call.heldAnswers, { endpointId, timer, then }];
};

/** A leg's media are connected. Must run inside the call's serial queue. */
export const mediaConnected = async (ctx: CallContext, call: Call, endpointId: EndpointId): Promise<void> => {
  ctx.log.debug({ callId: call.callId, endpointId }, 'media connected');
  const leg = legOf(call, endpointId);
  if (leg) leg.isConnected = true;
  const held = takeHeld(call, endpointId);
  held?.timer.cancel();
  await held?.then();
};

const takeHeld = (call: Call, endpointId: EndpointId): HeldAnswer | undefined => {
  const held = call.heldAnswers.find((one) => one.endpointId === endpointId);
  if (held) call.heldAnswers = call.heldAnswers.filter((one) => one !== held);
  return held;
};

/** The call is over. */
export const dropHeldAnswers = (call: Call): void => {
  for (const { timer } of call.heldAnswers) timer.cancel();
  call.heldAnswers = [];
};
