/** An offer of the ACD becomes a ringing browser, whose ICE and DTLS complete while it rings. */
import type { OfferId } from '../base/ids';
import type { Fault } from '../base/result';
import type { AcdEffect } from '../acd/core/model';
import type { SipDialog } from '../signaling/ports';
import { newAgentLeg } from './call';
import type { AgentLeg, Call, Leg } from './call';
import { connectAgent } from './connect';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint } from './end';
import { placeLeg } from './place-leg';
import { userToUserHeaders } from './send-user-to-user';
import { codecsOfBrowser } from './leg-codecs';

type Offer = Extract<AcdEffect, { type: 'offer' }>;
type FailReason = 'no-answer' | 'declined' | 'unreachable';

/** The ACD lets the offer expire; the INVITE may live a little longer, so that only one clock decides. */
const RING_MARGIN_MS = 2000;

export const ringAgent = async (ctx: CallContext, call: Call, offer: Offer): Promise<void> => {
  if (call.phase.kind !== 'queued') return;
  const { offerId, agentId, queueId } = offer;
  const agent = ctx.directory.agent(agentId);
  call.moveTo({ kind: 'ringing', queueId, agentId, offerId });
  call.log.enter('ringing', { agentId, queueId });
  call.agentLeg = newAgentLeg(agentId);
  const { endpointId } = call.agentLeg;
  ctx.callsByEndpoint.set(endpointId, call.callId);
  const codecs = codecsOfBrowser(ctx, call.customer?.codec);
  const opened = await ctx.media.openEndpoint({ endpointId, kind: 'webrtc', codecs });
  if (!opened.ok || !agent) {
    ctx.log.error({ callId: call.callId, agentId, opened }, 'an agent could not be called');
    await failRinging(ctx, call, { offerId, reason: 'unreachable' });
    return;
  }
  callAgent(ctx, call, { offer, userName: agent.userName, sdp: opened.value.sdp });
  callChanged(ctx, call);
};

const callAgent = (ctx: CallContext, call: Call, to: { offer: Offer; userName: string; sdp: string }): void => {
  const leg = call.agentLeg;
  if (!leg) return;
  const { offer, userName, sdp } = to;
  const { number, displayName } = call.identity;
  leg.outgoing = placeLeg(ctx, call, {
    leg,
    request: {
      target: { kind: 'user', userName },
      from: displayName === undefined ? { number } : { number, displayName },
      sdp,
      headers: { ...userToUserHeaders(call), 'X-Switchroom-Call': call.callId },
      ringTimeoutMs: Math.max(0, offer.expiresAtMs - ctx.clock.nowMs()) + RING_MARGIN_MS,
    },
    events: {
      onProgress: (_status, answerSdp) => {
        if (answerSdp !== undefined) onCall(ctx, call, async () => void (await acceptSdp(ctx, leg, answerSdp)));
      },
    },
  });
  void leg.outgoing.answered.then((answered) =>
    onCall(ctx, call, () =>
      answered.ok
        ? agentAnswered(ctx, call, { offer, leg, dialog: answered.value })
        : agentRefused(ctx, call, { offer, leg, fault: answered.fault }),
    ),
  );
};

/** The browser's SDP comes early, in a 183, or at the latest with the 200; the same one twice does no harm. */
export const acceptSdp = async (ctx: CallContext, leg: Leg, sdp: string): Promise<boolean> => {
  if (leg.codec !== undefined) return true;
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, sdp);
  if (accepted.ok) leg.codec = accepted.value.codec;
  else ctx.log.error({ endpointId: leg.endpointId, fault: accepted.fault }, "a browser's SDP was of no use");
  return accepted.ok;
};

const stillRinging = (call: Call, offer: Offer): boolean =>
  call.phase.kind === 'ringing' && call.phase.offerId === offer.offerId;

const agentAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { offer: Offer; leg: AgentLeg; dialog: SipDialog },
): Promise<void> => {
  const { offer, leg, dialog } = answer;
  const { offerId } = offer;
  if (!stillRinging(call, offer)) {
    // Not awaited: a browser that does not answer the BYE must not hold up the caller.
    void dialog.hangup('SIP;cause=487;text="offer withdrawn"');
    return;
  }
  leg.dialog = dialog;
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp))) {
    await failRinging(ctx, call, { offerId, reason: 'unreachable' });
    return;
  }
  const accepted = ctx.acd.dispatch({ type: 'offer-accepted', offerId, contactId: call.contactId });
  if (accepted.ok) await connectAgent(ctx, call, { leg, dialog });
  else await stopRinging(ctx, call);
};

const agentRefused = async (
  ctx: CallContext,
  call: Call,
  refusal: { offer: Offer; leg: AgentLeg; fault: Fault },
): Promise<void> => {
  if (!stillRinging(call, refusal.offer)) return;
  const { offerId } = refusal.offer;
  await failRinging(ctx, call, { offerId, reason: failReason(refusal.fault) });
};

const failReason = (fault: Fault): FailReason => {
  if (fault.code === 'no_answer' || fault.code === 'timeout') return 'no-answer';
  return fault.code === 'declined' || fault.code === 'busy' ? 'declined' : 'unreachable';
};

/** Releases the agent's leg first, so that the next offer finds the call in the queue. */
const failRinging = async (
  ctx: CallContext,
  call: Call,
  failed: { offerId: OfferId; reason: FailReason },
): Promise<void> => {
  const { offerId, reason } = failed;
  ctx.log.info({ callId: call.callId, offerId, reason }, 'an offer failed');
  call.log.detail(reason);
  await stopRinging(ctx, call);
  ctx.acd.dispatch({ type: 'offer-failed', offerId, contactId: call.contactId, reason });
};

/** The agent sends the ringing call away: it keeps its place and goes to the next agent. */
export const declineOffer = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.phase.kind !== 'ringing') return;
  const { offerId } = call.phase;
  await failRinging(ctx, call, { offerId, reason: 'declined' });
};

/** The ACD took the offer back: expired, or the agent has left. */
export const offerWithdrawn = async (
  ctx: CallContext,
  call: Call,
  withdrawn: Extract<AcdEffect, { type: 'withdraw-offer' }>,
): Promise<void> => {
  if (call.phase.kind !== 'ringing' || call.phase.offerId !== withdrawn.offerId) return;
  call.log.detail(withdrawn.reason);
  await stopRinging(ctx, call);
};

/** The browser that a call was ringing can be reached no more. */
export const ringingMediaLost = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.phase.kind !== 'ringing') return;
  const { offerId } = call.phase;
  await failRinging(ctx, call, { offerId, reason: 'unreachable' });
};

/** Back to the queue: the agent's leg is released, the caller keeps waiting. Does nothing when no agent rings. */
export const stopRinging = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.phase.kind !== 'ringing') return;
  const { queueId, agentId } = call.phase;
  const leg = call.agentLeg;
  leg?.outgoing?.cancel();
  void leg?.dialog?.hangup();
  call.moveTo({ kind: 'queued', queueId });
  call.log.enter('queue', { queueId });
  callChanged(ctx, call, { agentId, state: 'ended', endReason: 'offer-withdrawn' });
  call.agentLeg = undefined;
  if (leg) await closeEndpoint(ctx, leg.endpointId);
};
