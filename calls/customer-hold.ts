/** The customer's side holds us: its re-INVITE says sendonly or inactive, or that it listens nowhere (RFC 3264, 8.4). */
import type { Call } from './call';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';

/** By our answer to an offer, since that is what both sides agreed on. */
export const isHeldByPeer = (answerSdp: string): boolean => /^a=(recvonly|inactive)\s*$/m.test(answerSdp);

/** The other side's own description says so. */
export const saysHold = (sdp: string): boolean => /^(a=(sendonly|inactive)|c=IN IP4 0\.0\.0\.0)\s*$/m.test(sdp);

/**
 * The parties stay joined: the agent hears what the customer's side plays to those whom it holds, or nothing.
 * Must run inside the call's serial queue.
 */
export const customerHeld = (ctx: CallContext, call: Call, held: boolean): void => {
  if (call.customerHolds === held || call.phase.kind === 'ended') return;
  call.customerHolds = held;
  ctx.log.info({ callId: call.callId, held }, held ? 'the customer holds' : 'the customer is back from hold');
  ctx.conferences.held(call, held);
  enterConversation(call);
  callChanged(ctx, call);
};
