/** An offer of the ACD becomes a ringing telephone; a browser's ICE and DTLS complete while it rings. */
import type { OfferId } from '../base/ids';
import type { Fault } from '../base/result';
import type { AcdEffect } from '../acd/core/model';
import type { SipDialog } from '../signaling/ports';
import { acceptSdp } from './accept-sdp';
import { addRinging, bringForward, rings, stopOffer } from './also-ringing';
import { newAgentLeg } from './call';
import type { AgentLeg, Call } from './call';
import { connectAgent } from './connect';
import { onCall } from './context';
import type { CallContext } from './context';
import { acceptCallback } from './callback';
import { callChanged } from './desk-view';
import { holdOn } from './hold-on';
import { ringAgentAtStation } from './ring-agent';
import { userToUserHeaders } from './send-user-to-user';

type Offer = Extract<AcdEffect, { type: 'offer' }>;
interface Answer {
  readonly offer: Offer;
  readonly leg: AgentLeg;
  readonly dialog: SipDialog;
}

type FailReason = 'no-answer' | 'declined' | 'unreachable';

/** The ACD lets the offer expire; the INVITE may live a little longer, so that only one clock decides. */
const RING_MARGIN_MS = 2000;

export const ringAgent = async (ctx: CallContext, call: Call, offer: Offer): Promise<void> => {
  const { offerId, agentId, queueId } = offer;
  const leg = newAgentLeg(agentId);
  if (call.phase.kind === 'ringing') addRinging(call, { offerId, leg });
  else if (call.phase.kind === 'queued') {
    call.moveTo({ kind: 'ringing', queueId, agentId, offerId });
    call.log.enter('ringing', { agentId, queueId });
    call.agentLeg = leg;
  } else return;
  const { number, displayName } = call.identity;
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg,
    from: displayName === undefined ? { number } : { number, displayName },
    ringTimeoutMs: Math.max(0, offer.expiresAtMs - ctx.clock.nowMs()) + RING_MARGIN_MS,
    other: call.customer?.codec,
    headers: userToUserHeaders(call),
  });
  if (!rung.ok) {
    ctx.log.error({ callId: call.callId, agentId, fault: rung.fault }, 'an agent could not be called');
    await failRinging(ctx, call, { offerId, reason: 'unreachable' });
    return;
  }
  void rung.value.answered.then((answered) =>
    onCall(ctx, call, () =>
      answered.ok
        ? agentAnswered(ctx, call, { offer, leg, dialog: answered.value })
        : agentRefused(ctx, call, { offer, leg, fault: answered.fault }),
    ),
  );
  callChanged(ctx, call);
};

const agentAnswered = async (ctx: CallContext, call: Call, answer: Answer): Promise<void> => {
  const { offer, leg, dialog } = answer;
  const { offerId } = offer;
  if (!rings(call, offerId)) return hangUpLate(dialog);
  leg.dialog = dialog;
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp))) {
    await failRinging(ctx, call, { offerId, reason: 'unreachable' });
    return;
  }
  // Of the two only browsers tell when sound can come through.
  if (leg.isConnected || leg.station) return takeCall(ctx, call, answer);
  holdOn(ctx, call, {
    endpointId: leg.endpointId,
    then: () => takeCall(ctx, call, answer),
    otherwise: () => noSound(ctx, call, answer),
  });
};

/** Not awaited: a telephone that does not answer the BYE must not hold up the caller. */
const hangUpLate = (dialog: SipDialog): void => void dialog.hangup('SIP;cause=487;text="offer withdrawn"');

/** The agent is there, and can be heard. */
const takeCall = async (ctx: CallContext, call: Call, { offer, leg, dialog }: Answer): Promise<void> => {
  const { offerId } = offer;
  if (!rings(call, offerId)) return hangUpLate(dialog);
  if (dialog.ended) return failRinging(ctx, call, { offerId, reason: 'declined' });
  const accepted = ctx.acd.dispatch({ type: 'offer-accepted', offerId, contactId: call.contactId });
  if (!accepted.ok) return stopOffer(ctx, call, offerId);
  bringForward(call, offerId);
  if (call.callback) return acceptCallback(ctx, call, { leg, dialog });
  await connectAgent(ctx, call, { leg, dialog });
};

/** The agent has answered, but no sound can come through: somebody else gets the call. */
const noSound = async (ctx: CallContext, call: Call, { offer: { offerId } }: Answer): Promise<void> => {
  if (rings(call, offerId)) await failRinging(ctx, call, { offerId, reason: 'unreachable' });
};

const agentRefused = async (
  ctx: CallContext,
  call: Call,
  refusal: { offer: Offer; leg: AgentLeg; fault: Fault },
): Promise<void> => {
  const { offerId } = refusal.offer;
  if (!rings(call, offerId)) return;
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
  noteWhy(call, { offerId, reason });
  await stopOffer(ctx, call, offerId);
  ctx.acd.dispatch({ type: 'offer-failed', offerId, contactId: call.contactId, reason });
};

/** In the history, whose segment is that of the offer that the phase names. */
const noteWhy = ({ phase, log }: Call, of: { offerId: OfferId; reason: string }): void => {
  if (phase.kind === 'ringing' && phase.offerId === of.offerId) log.detail(of.reason);
};

/** The agent sends the ringing call away: it keeps its place and goes to the next agent. */
export const declineOffer = (ctx: CallContext, call: Call, offerId: OfferId): Promise<void> =>
  failRinging(ctx, call, { offerId, reason: 'declined' });

/** The ACD took the offer back: expired, or the agent has left. */
export const offerWithdrawn = async (
  ctx: CallContext,
  call: Call,
  withdrawn: Extract<AcdEffect, { type: 'withdraw-offer' }>,
): Promise<void> => {
  const { offerId, reason } = withdrawn;
  noteWhy(call, { offerId, reason });
  await stopOffer(ctx, call, offerId);
};

/** The telephone that a call was ringing can be reached no more. */
export const ringingMediaLost = (ctx: CallContext, call: Call, offerId: OfferId): Promise<void> =>
  failRinging(ctx, call, { offerId, reason: 'unreachable' });
