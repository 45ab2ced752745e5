/** Customer and agent are joined. */
import type { SipDialog } from '../signaling/ports';
import { greet } from './announce';
import { adoptDialog } from './answer';
import type { AgentLeg, Call } from './call';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { stopListening } from './detection';
import { endCall } from './end';
import { join } from './joint';
import { listenInTalk } from './listen-in-talk';
import { recordConversation } from './recording';
import { followAgent } from './supervision';

export const connectAgent = async (
  ctx: CallContext,
  call: Call,
  agent: { leg: AgentLeg; dialog: SipDialog },
): Promise<void> => {
  const { leg, dialog } = agent;
  call.moveTo({ kind: 'talking', agentId: leg.agentId });
  adoptDialog(ctx, call, { leg, dialog });
  // Who talks talks on when the app dies.
  await ctx.keeper.whenWritten(call);
  await joinParties(ctx, call);
  await greet(ctx, call);
};

/** Bridges the parties, then begins to record, or goes on with the recording that another agent has left. */
export const joinParties = async (ctx: CallContext, call: Call): Promise<void> => {
  const { customer, agentLeg } = call;
  if (!customer || !agentLeg) return;
  call.playId = undefined;
  const bridged = await join(ctx, call, [customer.endpointId, agentLeg.endpointId]);
  if (!bridged.ok) {
    ctx.log.error({ callId: call.callId, fault: bridged.fault }, 'the parties could not be joined');
    await endCall(ctx, call, { party: 'system', reason: 'bridge-failed', failed: true });
    return;
  }
  call.connectedAtMs ??= ctx.clock.nowMs();
  call.log.update({ agentId: agentLeg.agentId });
  enterConversation(call);
  call.log.join('agent', agentLeg.agentId);
  callChanged(ctx, call);
  followAgent(ctx, call);
  await stopListening(ctx, call);
  listenInTalk(ctx, call);
  await recordConversation(ctx, call);
  callChanged(ctx, call);
};
