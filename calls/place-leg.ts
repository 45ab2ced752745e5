/** Calls a party of a call: the history learns the Call-ID, and a call outside is counted for whoever pays for it. */
import type { OutgoingCall, OutgoingEvents, OutgoingRequest } from '../signaling/ports';
import type { Call } from './call';
import type { CallContext } from './context';
import { placeOutside } from './place-outside';
import type { OutsideOrder } from './place-outside';

export const placeLeg = (
  ctx: CallContext,
  call: Call,
  order: {
    readonly request: OutgoingRequest;
    readonly events?: Omit<OutgoingEvents, 'onCallId'>;
    readonly outside?: Pick<OutsideOrder, 'account' | 'number'> | undefined;
  },
): OutgoingCall => {
  const { request, outside } = order;
  const events: OutgoingEvents = { ...order.events, onCallId: (callId) => call.log.addSipCallId(callId) };
  return outside ? placeOutside(ctx, { ...outside, request, events }) : ctx.signaling.placeCall(request, events);
};
