/** What every call that arrives has, whoever it is for: its caller, its media, its first line in the history, its end. */
import { asId } from '../base/ids';
import type { EndpointId, TrunkId } from '../base/ids';
import type { Fault, Result } from '../base/result';
import type { OpenedEndpoint } from '../media/ports';
import type { CallParty, IncomingInvite } from '../signaling/ports';
import type { Interaction } from '../store/interaction';
import type { Call } from './call';
import { asEntry, traceOf, userToUserOf } from './caller-data';
import { onCall } from './context';
import type { CallContext } from './context';
import { endCall } from './end';
import { dtmfOfCaller } from './keys';
import { rtpOfCaller } from './leg-rtp';
import { newInteraction } from './open-log';
import { CALLER_GAVE_UP } from './outcome';
import type { Dialler } from './route-call';
import { G711_ONLY, codecsOfPhone } from './leg-codecs';

/** A phone calls under the name that the directory has for it, whatever it says itself. */
export const callingParty = (ctx: CallContext, { origin, from }: IncomingInvite): CallParty => {
  if (origin.kind !== 'phone') return from;
  const phone = ctx.directory.phone(origin.userName);
  return { number: origin.userName, ...(phone ? { displayName: phone.displayName } : {}) };
};

/** The extension of the phone that calls, when it is one of ours. */
export const callingExtension = ({ origin }: IncomingInvite): string | undefined =>
  origin.kind === 'phone' ? origin.userName : undefined;

/** Nobody, when an agent has sent the INVITE: agents dial at their desk. */
export const diallerOf = (ctx: CallContext, { origin }: IncomingInvite): Dialler | undefined => {
  if (origin.kind === 'trunk') return { kind: 'trunk' };
  const phone = origin.kind === 'phone' ? ctx.directory.phone(origin.userName) : undefined;
  return phone && { kind: 'phone', phone };
};

export const arrivalOf = (ctx: CallContext, invite: IncomingInvite): Interaction => {
  const { origin } = invite;
  const uui = userToUserOf(invite);
  return newInteraction({
    direction: origin.kind === 'trunk' ? 'inbound' : 'internal',
    startedAtMs: ctx.clock.nowMs(),
    caller: { ...callingParty(ctx, invite) },
    called: { number: invite.to.number },
    trace: traceOf(invite),
    ...(uui.length > 0 && { userToUser: uui.map(asEntry) }),
    ...(origin.kind === 'trunk' ? { trunkId: asId<TrunkId>(origin.trunkId) } : {}),
    sipCallIds: [invite.callId],
  });
};

/** The caller's media as its trunk or phone wants them. */
export const openCallerMedia = (
  ctx: CallContext,
  invite: IncomingInvite,
  as: { readonly endpointId: EndpointId; readonly onlyOneCodec?: boolean },
): Promise<Result<OpenedEndpoint>> => {
  const { traits, sdp, origin } = invite;
  const phone = origin.kind === 'phone' ? ctx.directory.phone(origin.userName) : undefined;
  const srtp = origin.kind === 'phone' ? phone?.srtp : traits?.srtp;
  const codecs = origin.kind === 'phone' ? codecsOfPhone(ctx, phone) : (traits?.codecs ?? G711_ONLY);
  return ctx.media.openEndpoint({
    endpointId: as.endpointId,
    kind: 'rtp',
    codecs: as.onlyOneCodec ? codecs.slice(0, 1) : codecs,
    ...dtmfOfCaller(ctx, invite),
    ...rtpOfCaller(ctx, invite),
    ...(srtp && { srtp }),
    ...(sdp === undefined ? {} : { offer: sdp }),
  });
};

/** SIP's status for a call that media could not take. */
export const statusOfMediaFault = (fault: Fault): number => {
  if (fault.code === 'not_acceptable_media') return 488;
  return fault.code === 'bad_input' ? 400 : 503;
};

export const endWhenCancelled = (ctx: CallContext, call: Call, invite: IncomingInvite): void =>
  invite.onCancelled((reason) => {
    const lost = reason === 'connection_lost';
    onCall(ctx, call, () =>
      endCall(ctx, call, lost ? { party: 'system', reason: 'sip-server-lost', failed: true } : CALLER_GAVE_UP),
    );
  });
