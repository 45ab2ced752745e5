/** The third party has answered: the agent talks with it, or the customer does at once. */
import type { Call } from './call';
import { joinParties } from './connect';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { endCall } from './end';
import { join } from './joint';
import { recordEndpoints } from './recording';
import { takeReferrersPlace } from './replacement';
import { thirdLost } from './third-lost';

/** Must run inside the call's serial queue. */
export const thirdAnswered = async (ctx: CallContext, call: Call): Promise<void> => {
  const { third } = call;
  if (third?.state.kind !== 'ringing') return;
  const { offerId, leg } = third.state;
  const { contactId } = third;
  if (offerId !== undefined && contactId !== undefined) {
    const accepted = ctx.acd.dispatch({ type: 'offer-accepted', offerId, contactId });
    if (!accepted.ok) return thirdLost(ctx, call, 'unreachable');
  }
  third.state = { kind: 'talking', leg };
  if (third.purpose === 'consult') return joinThird(ctx, call);
  if (third.purpose === 'replacement') return takeReferrersPlace(ctx, call);
  await giveCustomer(ctx, call);
};

/** Agent and third party talk; the recording has the third party in the customer's place for so long. */
export const joinThird = async (ctx: CallContext, call: Call): Promise<void> => {
  const { third, agentLeg } = call;
  if (!third?.leg || !agentLeg) return;
  const { endpointId } = third.leg;
  // A bridge would end the ringing tone, a mix that the agent is in already would not.
  if (third.ringBack !== undefined) await ctx.media.stopPlay(third.ringBack);
  third.ringBack = undefined;
  const joined = await join(ctx, call, [agentLeg.endpointId, endpointId]);
  if (!joined.ok) {
    ctx.log.error({ callId: call.callId, fault: joined.fault }, 'agent and third party could not be joined');
    return thirdLost(ctx, call, 'unreachable');
  }
  await recordEndpoints(ctx, call, { caller: endpointId, agent: agentLeg.endpointId });
  callChanged(ctx, call);
};

/** The third party takes the agent's place with the customer; the agent's leg has been released. */
export const giveCustomer = async (ctx: CallContext, call: Call): Promise<void> => {
  const { third } = call;
  if (!third || third.state.kind === 'waiting') return;
  const { leg } = third.state;
  call.third = undefined;
  call.thirdFailure = undefined;
  call.log.settleTransfer('completed');
  if (leg.kind === 'agent') {
    if (third.contactId !== undefined) call.contactId = third.contactId;
    call.agentLeg = leg.agent;
    call.moveTo({ kind: 'talking', agentId: leg.agent.agentId });
    return joinParties(ctx, call);
  }
  call.outside = leg.outside;
  call.moveTo({ kind: 'forwarded' });
  await joinOutside(ctx, call, third.target.kind === 'outside' ? third.target.number : undefined);
};

const joinOutside = async (ctx: CallContext, call: Call, number: string | undefined): Promise<void> => {
  const { customer, outside } = call;
  if (!customer || !outside) return;
  call.playId = undefined;
  const joined = await join(ctx, call, [customer.endpointId, outside.endpointId]);
  if (!joined.ok) {
    ctx.log.error({ callId: call.callId, fault: joined.fault }, 'the parties could not be joined');
    return endCall(ctx, call, { party: 'system', reason: 'bridge-failed', failed: true });
  }
  enterConversation(call);
  if (number !== undefined) call.log.join('other', number);
  await recordEndpoints(ctx, call, { caller: customer.endpointId, agent: outside.endpointId });
};
