/** The third party did not answer, refused, hung up or can be heard no more. */
import type { AcdEffect } from '../acd/core/model';
import type { AgentId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { dropThird, releaseThirdLeg } from './drop-third';
import { hasToldItself } from './early-sound';
import { playFailure } from './failure-tone';
import { recall, returnToQueue } from './recall';
import { recordCustomer } from './recording';
import { replacementFailed } from './replacement';
import type { ThirdParty } from './third-party';

/** Must run inside the call's serial queue; `reason` is machine-readable, such as `no-answer`. */
export const thirdLost = async (ctx: CallContext, call: Call, reason: string): Promise<void> => {
  const { third } = call;
  if (!third) return;
  ctx.log.info({ callId: call.callId, purpose: third.purpose, reason }, 'the third party was not reached or has left');
  if (third.state.kind === 'ringing' && third.state.offerId !== undefined) return offerLost(ctx, call, reason);
  if (reason === 'no-answer' && third.agentId !== undefined) setAbsent(ctx, third.agentId);
  const isUnheard = third.state.kind === 'ringing' && !(await wasHeard(ctx, third));
  await dropThird(ctx, call, reason);
  if (third.purpose === 'replacement') return replacementFailed(ctx, call, third);
  call.thirdFailure = reason;
  switch (third.purpose) {
    case 'consult':
      await backToHold(ctx, call);
      if (isUnheard) await tellAgent(ctx, call, reason);
      return;
    case 'transfer':
      return recall(ctx, call);
    case 'recall':
      return returnToQueue(ctx, call);
  }
};

/** A browser sends its SDP while it rings, and no sound. */
const wasHeard = (ctx: CallContext, third: ThirdParty): Promise<boolean> =>
  third.agentLeg === undefined ? hasToldItself(ctx, third.leg) : Promise.resolve(false);

/** The agent waits with nobody to hear. */
const tellAgent = async (ctx: CallContext, call: Call, reason: string): Promise<void> => {
  if (call.phase.kind !== 'held' || !call.agentLeg) return;
  call.agentTone = await playFailure(ctx, call, { endpointId: call.agentLeg.endpointId, reason });
};

/** Who lets a call ring gets no more of them; to be said before the ACD takes the agent for free. */
const setAbsent = (ctx: CallContext, agentId: AgentId): void => {
  if (ctx.acd.state.agents.get(agentId)?.intent.kind !== 'ready') return;
  ctx.acd.dispatch({ type: 'agent-not-ready', agentId, reason: 'no-answer' });
};

/** The queue goes on looking for an agent to consult. */
const offerLost = async (ctx: CallContext, call: Call, reason: string): Promise<void> => {
  const { third } = call;
  if (third?.state.kind !== 'ringing' || third.state.offerId === undefined) return;
  const { offerId } = third.state;
  const { contactId } = third;
  await releaseThirdLeg(ctx, call, { third, reason });
  callChanged(ctx, call);
  if (contactId === undefined) return;
  const failed = reason === 'no-answer' || reason === 'declined' ? reason : 'unreachable';
  ctx.acd.dispatch({ type: 'offer-failed', offerId, contactId, reason: failed });
};

/** The agent is alone; the customer stays on hold until the agent is ready to say what came of it. */
const backToHold = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.phase.kind === 'consulting') {
    call.moveTo({ kind: 'held', agentId: call.phase.agentId });
    enterConversation(call);
    await recordCustomer(ctx, call);
  }
  callChanged(ctx, call);
};

/** The ACD took the offer back: expired, or the agent has left. */
export const thirdOfferWithdrawn = async (
  ctx: CallContext,
  call: Call,
  withdrawn: Extract<AcdEffect, { type: 'withdraw-offer' }>,
): Promise<void> => {
  const { third } = call;
  if (third?.state.kind !== 'ringing' || third.state.offerId !== withdrawn.offerId) return;
  await releaseThirdLeg(ctx, call, { third, reason: withdrawn.reason });
  callChanged(ctx, call);
};
