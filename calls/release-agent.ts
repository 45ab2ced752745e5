/** The agent leaves a call that goes on without: the leg ends, and what was said is written down in wrap-up. */
import type { Call } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint, isWrappingUp } from './end';
import { leaveWithAgent } from './supervision';

/** Call after the ACD has let the agent go. Must run inside the call's serial queue. */
export const releaseAgent = async (ctx: CallContext, call: Call, reason = 'transferred'): Promise<void> => {
  const { agentLeg } = call;
  if (!agentLeg) return;
  const { agentId, dialog, endpointId } = agentLeg;
  call.agentLeg = undefined;
  call.log.leave(agentId);
  if (isWrappingUp(ctx, agentId, call)) {
    ctx.wrapUps.set(agentId, call);
    call.log.beginWrapUp(agentId);
    callChanged(ctx, call, { agentId });
  } else {
    callChanged(ctx, call, { agentId, state: 'ended', endReason: reason });
  }
  // Not awaited: a browser that does not answer the BYE must not hold up the customer.
  void dialog?.hangup(`Q.850;cause=16;text="${reason}"`);
  await closeEndpoint(ctx, endpointId);
  await leaveWithAgent(ctx, call, agentId);
};
