/** Somebody else takes the customer's place: whom the customer's side has put through, or its other telephone. */
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { closeEndpoint, endCall } from './end';
import { promptsEnded } from './flow-runner';
import { arrange, join } from './joint';
import { playMusic } from './music';
import { recordCustomer } from './recording';
import { applyMask } from './recording-mask';

/** Who comes in the middle of a prompt hears the next one. */
const promptIsOver = (ctx: CallContext, call: Call): void => {
  const { playId } = call;
  if (playId !== undefined) onCall(ctx, call, () => promptsEnded(ctx, call, playId));
};

/** Must run inside the call's serial queue; the new leg has its dialog and its codec. */
export const swapCustomer = async (ctx: CallContext, call: Call, leg: Leg): Promise<void> => {
  const former = call.customer;
  call.customer = leg;
  call.customerHolds = false;
  // Before anybody hears the newcomer.
  await applyMask(ctx, call);
  void former?.dialog?.hangup('SIP;cause=200;text="call completed elsewhere"');
  if (former) await closeEndpoint(ctx, former.endpointId);
  const partner =
    call.phase.kind === 'talking'
      ? call.agentLeg
      : call.phase.kind === 'forwarded'
        ? (call.outside ?? call.peer)
        : undefined;
  if (call.phase.kind === 'flow') promptIsOver(ctx, call);
  else if (!partner && call.guests.length > 0) await arrange(ctx, call);
  else if (!partner) await playMusic(ctx, call);
  else {
    call.playId = undefined;
    const joined = await join(ctx, call, [leg.endpointId, partner.endpointId]);
    if (!joined.ok) {
      ctx.log.error({ callId: call.callId, fault: joined.fault }, 'the parties could not be joined');
      return endCall(ctx, call, { party: 'system', reason: 'bridge-failed', failed: true });
    }
  }
  if (call.phase.kind !== 'consulting') await recordCustomer(ctx, call);
  enterConversation(call);
  callChanged(ctx, call);
};
