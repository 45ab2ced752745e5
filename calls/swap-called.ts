/** Somebody else takes the place of whom the customer talks with, a phone or a party outside. */
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { closeEndpoint, endCall } from './end';
import { join } from './joint';
import { recordEndpoints } from './recording';

/** Must run inside the serial queue of a call that is `forwarded`; the new leg has its dialog and its codec. */
export const swapCalled = async (ctx: CallContext, call: Call, leg: Leg): Promise<void> => {
  const { customer } = call;
  if (!customer) return;
  const former = call.outside ?? call.peer;
  call.peer = undefined;
  call.outside = leg;
  void former?.dialog?.hangup('SIP;cause=200;text="call completed elsewhere"');
  if (former) await closeEndpoint(ctx, former.endpointId);
  call.playId = undefined;
  const joined = await join(ctx, call, [customer.endpointId, leg.endpointId]);
  if (!joined.ok) {
    ctx.log.error({ callId: call.callId, fault: joined.fault }, 'the parties could not be joined');
    return endCall(ctx, call, { party: 'system', reason: 'bridge-failed', failed: true });
  }
  enterConversation(call);
  await recordEndpoints(ctx, call, { caller: customer.endpointId, agent: leg.endpointId });
  callChanged(ctx, call);
};
