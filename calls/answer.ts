/** Answers the caller: from here on there is a dialog that can end, change its media and send digits. */
import { ok } from '../base/result';
import type { Fault, Result } from '../base/result';
import type { SipDialog } from '../signaling/ports';
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { customerHeld, isHeldByPeer, saysHold } from './customer-hold';
import { dialogEnded } from './dialog-ended';
import { earlySoundOver } from './early-sound';
import { endCall } from './end';
import { keyReceived } from './keys';
import { CALLER_GAVE_UP, endingOfDialog, reasonOf } from './outcome';
import type { Ending } from './outcome';
import { offerWhatWasReopened } from './recover-media';
import { referArrived } from './refer';

/** Answers the INVITE that waits. A call that could not be answered has ended afterwards. */
export const answerCaller = async (ctx: CallContext, call: Call): Promise<void> => {
  const { customer: leg, incoming } = call;
  if (!leg || !incoming) return;
  // The caller must not hear an answer that the next app would know nothing of.
  leg.dialogAhead = await incoming.invite.dialogAhead(incoming.sdp);
  if (leg.dialogAhead !== undefined) await ctx.keeper.whenWritten(call);
  const answered = await incoming.invite.answer(incoming.sdp);
  // Until then its record names the INVITE, too: an app that dies meanwhile leaves open whether the answer was sent.
  call.incoming = undefined;
  if (!answered.ok) {
    leg.dialogAhead = undefined;
    await endCall(ctx, call, endingOfAnswer(answered.fault));
    return;
  }
  adoptDialog(ctx, call, { leg, dialog: answered.value });
  const completed = incoming.invite.sdp === undefined ? await completeOffer(ctx, leg, answered.value) : undefined;
  if (completed?.ok === false) {
    await endCall(ctx, call, { party: 'carrier', reason: 'no-common-codec', failed: true });
    return;
  }
  call.log.update({ answeredAtMs: ctx.clock.nowMs() });
};

const endingOfAnswer = (fault: Fault): Ending => {
  switch (fault.code) {
    // The caller's CANCEL was faster than our 200.
    case 'closed':
      return CALLER_GAVE_UP;
    case 'unavailable':
      return endingOfDialog({ by: 'connection_lost' }, 'caller');
    default:
      return { party: 'carrier', reason: `answer-${reasonOf(fault)}`, failed: true };
  }
};

/** The INVITE carried no offer: ours went in the 200, the answer came in the ACK (RFC 3261 section 13.2.1). */
const completeOffer = async (ctx: CallContext, leg: Leg, dialog: SipDialog): Promise<Result<void>> => {
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, dialog.remoteSdp);
  if (!accepted.ok) return accepted;
  leg.codec = accepted.value.codec;
  return ok(undefined);
};

/** Joins a dialog to its leg, so that its end, its re-offers and its digits reach the call. */
export const adoptDialog = (ctx: CallContext, call: Call, joined: { leg: Leg; dialog: SipDialog }): void => {
  const { leg, dialog } = joined;
  leg.dialog = dialog;
  leg.dialogAhead = undefined;
  leg.outgoing = undefined;
  earlySoundOver(ctx, leg);
  dialog.onEnd((end) => {
    if (end.by !== 'local') onCall(ctx, call, () => dialogEnded(ctx, call, { leg, end }));
  });
  dialog.onChanged(() => ctx.keeper.look(ctx.callsByEndpoint.get(leg.endpointId) ?? call.callId));
  dialog.onReinvite(async (offer) => {
    const answered = await ctx.media.answerReoffer(leg.endpointId, offer);
    if (!answered.ok) return answered;
    leg.holdsUs = isHeldByPeer(answered.value.sdp);
    if (leg === call.customer) onCall(ctx, call, () => customerHeld(ctx, call, leg.holdsUs === true));
    return ok(answered.value.sdp);
  });
  dialog.onLateOffer({
    offer: async () => {
      const made = await ctx.media.reoffer(leg.endpointId);
      return made.ok ? ok(made.value.sdp) : made;
    },
    answered: (answer) => onCall(ctx, call, () => lateAnswer(ctx, call, { leg, answer })),
  });
  dialog.onRefer((refer) => referArrived(ctx, call, { leg, refer }));
  offerWhatWasReopened(ctx, call, leg);
  dialog.onInfo((digit) => onCall(ctx, call, () => keyReceived(ctx, call, { leg, key: { ...digit, form: 'info' } })));
};

/** The answer to an offer of ours that a re-INVITE asked for. */
const lateAnswer = async (ctx: CallContext, call: Call, of: { leg: Leg; answer: string }): Promise<void> => {
  const { leg, answer } = of;
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, answer);
  if (!accepted.ok) ctx.log.warn({ callId: call.callId, fault: accepted.fault }, 'a late answer was of no use');
  else {
    leg.holdsUs = saysHold(answer);
    if (leg === call.customer) customerHeld(ctx, call, leg.holdsUs);
  }
};
