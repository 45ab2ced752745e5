/**
 * An INVITE with Replaces (RFC 3891): somebody goes on with a call at another telephone, in the place of the first, or
 * picks up one that rings elsewhere.
 */
import { ok } from '../base/result';
import type { EarlyDialog, IncomingInvite, SipDialog } from '../signaling/ports';
import { adoptDialog } from './answer';
import { openCallerMedia, statusOfMediaFault } from './arriving';
import type { Call, Leg } from './call';
import { newLeg } from './call';
import type { CallContext } from './context';
import { legsOf } from './legs';
import { findByDialog } from './find-leg';
import type { Seat } from './find-leg';
import { dtmfOfCaller } from './keys';
import { isSameOwner, ownerOfOrigin } from './leg-owner';
import { canBePickedUp, pickUp } from './pick-up';
import { canBeTakenOver, takeOver } from './take-over';

type Replaced = NonNullable<IncomingInvite['replaces']>;

/** Answers the INVITE, or refuses it: 403 for whom the call is none of its business, 481 when the call is over. */
export const replaceLeg = async (ctx: CallContext, invite: IncomingInvite, replaced: Replaced): Promise<void> => {
  const seat = seatOf(ctx, replaced);
  if (!seat) return invite.reject(481);
  const { callId } = seat.call;
  const may = replaced.isRinging ? mayPickUp(ctx, seat, invite) : mayTakeOver(ctx, seat, invite);
  if (!may) {
    ctx.log.warn({ callId, origin: invite.origin }, 'an INVITE may not replace a dialog of this call');
    return invite.reject(403);
  }
  await ctx.serial.run(callId, () => takePlace(ctx, seat, { invite, replaced }));
};

const seatOf = (ctx: CallContext, { dialogId, isRinging }: Replaced): Seat | undefined => {
  if (!isRinging) return findByDialog(ctx, dialogId);
  const rings = ({ id }: EarlyDialog): boolean => id === dialogId;
  for (const call of ctx.calls.values()) {
    const leg = legsOf(call).find(({ dialog, ringing }) => !dialog && ringing?.some(rings));
    if (leg) return { call, leg };
  }
  return undefined;
};

/** A trunk's own side, where it may transfer calls at all; a phone's own call, or any of the house if it may. */
const mayTakeOver = (ctx: CallContext, { leg }: Seat, { origin }: IncomingInvite): boolean => {
  const own = isSameOwner(leg.owner, ownerOfOrigin(origin));
  if (origin.kind === 'trunk') return own && (ctx.directory.mayRefer?.(origin.trunkId) ?? false);
  if (origin.kind !== 'phone' || !leg.owner) return false;
  const isInHouse = leg.owner.kind === 'agent' || leg.owner.kind === 'phone';
  return own || (isInHouse && ctx.directory.phone(origin.userName)?.mayTakeOver === true);
};

/** A phone picks up for a phone or an agent whom it may call. */
const mayPickUp = (ctx: CallContext, { leg }: Seat, { origin }: IncomingInvite): boolean => {
  const extension = extensionOf(ctx, leg);
  if (origin.kind !== 'phone' || extension === undefined) return false;
  return ctx.permission.outbound({ dialled: extension, caller: origin.userName }).ok;
};

const extensionOf = (ctx: CallContext, { owner }: Leg): string | undefined => {
  if (owner?.kind === 'phone') return owner.extension;
  if (owner?.kind !== 'agent') return undefined;
  return ctx.directory.agents().find(({ userName }) => userName === owner.userName)?.extension;
};

const takePlace = async (
  ctx: CallContext,
  seat: Seat,
  of: { invite: IncomingInvite; replaced: Replaced },
): Promise<void> => {
  const { call, leg: former } = seat;
  const { invite, replaced } = of;
  if (!isStillThere(call, former, replaced)) return invite.reject(481);
  if (!(replaced.isRinging ? canBePickedUp(seat) : canBeTakenOver(seat))) return invite.reject(486);
  const leg: Leg = { ...newLeg(), owner: ownerOfOrigin(invite.origin), ...dtmfOfCaller(ctx, invite) };
  const dialog = await answerBy(ctx, call, { leg, invite });
  if (!dialog) return;
  ctx.log.info({ callId: call.callId, origin: invite.origin, replaced }, 'a telephone takes the place of another');
  adoptDialog(ctx, call, { leg, dialog });
  await (replaced.isRinging ? pickUp(ctx, seat, leg) : takeOver(ctx, seat, leg));
};

const isStillThere = (call: Call, leg: Leg, { isRinging }: Replaced): boolean => {
  if (call.phase.kind === 'ended' || !legsOf(call).includes(leg)) return false;
  return isRinging ? !leg.dialog : leg.dialog !== undefined && !leg.dialog.ended;
};

/** Undefined when there are no media, or the caller has gone. */
const answerBy = async (
  ctx: CallContext,
  call: Call,
  by: { leg: Leg; invite: IncomingInvite },
): Promise<SipDialog | undefined> => {
  const { leg, invite } = by;
  const { endpointId } = leg;
  const opened = await openCallerMedia(ctx, invite, { endpointId });
  if (!opened.ok) {
    invite.reject(statusOfMediaFault(opened.fault));
    return undefined;
  }
  leg.codec = opened.value.codec;
  const answered = await invite.answer(opened.value.sdp);
  const accepted =
    answered.ok && invite.sdp === undefined
      ? await ctx.media.acceptAnswer(endpointId, answered.value.remoteSdp)
      : ok(undefined);
  if (!answered.ok || !accepted.ok) {
    if (answered.ok) void answered.value.hangup('SIP;cause=488');
    await ctx.media.closeEndpoint(endpointId);
    return undefined;
  }
  leg.codec = accepted.value?.codec ?? leg.codec;
  ctx.callsByEndpoint.set(endpointId, call.callId);
  return answered.value;
};
