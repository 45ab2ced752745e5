/** Calls a party of a call: the history learns the Call-ID, and a call outside is counted for whoever pays for it. */
import type { OutgoingCall, OutgoingEvents, OutgoingRequest } from '../signaling/ports';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { ownerOfTarget } from './leg-owner';
import { placeOutside } from './place-outside';
import type { OutsideOrder } from './place-outside';

export const placeLeg = (
  ctx: CallContext,
  call: Call,
  order: {
    readonly leg: Leg;
    readonly request: OutgoingRequest;
    readonly events?: Omit<OutgoingEvents, 'onCallId'>;
    readonly outside?: Pick<OutsideOrder, 'account' | 'number'> | undefined;
  },
): OutgoingCall => {
  const { leg, request, outside } = order;
  leg.owner = ownerOfTarget(request.target);
  const events: OutgoingEvents = {
    ...order.events,
    onCallId: (callId) => call.log.addSipCallId(callId),
    onRinging: (dialog) => {
      leg.ringing = [...(leg.ringing ?? []), dialog];
      ctx.events.emit('lines');
    },
    onAttempt: (attempt) => {
      leg.owner = { kind: 'trunk', trunkId: attempt.trunkId };
      order.events?.onAttempt?.(attempt);
    },
  };
  if (!outside) return ctx.signaling.placeCall(request, events);
  const outgoing = placeOutside(ctx, { ...outside, request, events });
  void outgoing.answered.then((answered) => {
    const { account, number } = outside;
    if (answered.ok) leg.counted = { account, number, answeredAtMs: ctx.clock.nowMs() };
  });
  return outgoing;
};
