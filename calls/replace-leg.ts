/** An INVITE with Replaces: a party goes on with its call at another telephone, in the place of the first (RFC 3891). */
import { ok } from '../base/result';
import { newId } from '../base/ids';
import type { EndpointId } from '../base/ids';
import type { IncomingInvite } from '../signaling/ports';
import { adoptDialog } from './answer';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { dtmfOfCaller } from './keys';
import { ownerOfOrigin } from './leg-owner';
import { swapCustomer } from './swap-customer';

const CODECS = ['PCMA', 'PCMU'] as const;

/** Answers the INVITE, or refuses it: 403 for whom the call is none of its business, 481 when the call is over. */
export const replaceLeg = async (ctx: CallContext, invite: IncomingInvite, dialogId: string): Promise<void> => {
  const call = [...ctx.calls.values()].find((one) => one.customer?.dialog?.id === dialogId);
  if (!call) return invite.reject(481);
  if (!mayReplace(ctx, call, invite)) {
    ctx.log.warn({ callId: call.callId, origin: invite.origin }, 'an INVITE may not replace a dialog of this call');
    return invite.reject(403);
  }
  await ctx.serial.run(call.callId, () => takePlace(ctx, call, { invite, dialogId }));
};

/** The customer's own side, where it may transfer calls at all. */
const mayReplace = (ctx: CallContext, call: Call, { origin }: IncomingInvite): boolean =>
  origin.kind === 'trunk' &&
  origin.trunkId === call.log.interaction.trunkId &&
  (ctx.directory.mayRefer?.(origin.trunkId) ?? false);

const takePlace = async (
  ctx: CallContext,
  call: Call,
  of: { invite: IncomingInvite; dialogId: string },
): Promise<void> => {
  const { invite, dialogId } = of;
  if (call.customer?.dialog?.id !== dialogId || call.customer.dialog.ended) return invite.reject(481);
  const endpointId = newId<EndpointId>();
  const dtmf = dtmfOfCaller(ctx, invite);
  const offer = invite.sdp === undefined ? {} : { offer: invite.sdp };
  const opened = await ctx.media.openEndpoint({ endpointId, kind: 'rtp', codecs: CODECS, ...dtmf, ...offer });
  if (!opened.ok) return invite.reject(opened.fault.code === 'not_acceptable_media' ? 488 : 503);
  ctx.callsByEndpoint.set(endpointId, call.callId);
  const owner = ownerOfOrigin(invite.origin);
  const leg: Leg = { endpointId, codec: opened.value.codec, dialog: undefined, outgoing: undefined, owner, ...dtmf };
  const answered = await invite.answer(opened.value.sdp);
  const accepted =
    answered.ok && invite.sdp === undefined
      ? await ctx.media.acceptAnswer(endpointId, answered.value.remoteSdp)
      : ok(undefined);
  if (!answered.ok || !accepted.ok) {
    if (answered.ok) void answered.value.hangup('SIP;cause=488');
    ctx.callsByEndpoint.delete(endpointId);
    await ctx.media.closeEndpoint(endpointId);
    return;
  }
  if (accepted.value) leg.codec = accepted.value.codec;
  await swapCustomer(ctx, call, leg);
  adoptDialog(ctx, call, { leg, dialog: answered.value });
};
