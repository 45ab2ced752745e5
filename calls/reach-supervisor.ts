/** Calls the supervisor's own telephone: the browser, which answers by itself since its user has asked, or a phone. */
import type { Result } from '../base/result';
import { ok } from '../base/result';
import type { OpenEndpoint } from '../media/ports';
import type { CallParty, CallTarget, OutgoingRequest, SipDialog } from '../signaling/ports';
import { adoptDialog } from './answer';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { arrange, nearLegOf } from './joint';
import { dtmfOf } from './keys';
import { reasonOf } from './outcome';
import { placeLeg } from './place-leg';
import { recordVoices } from './recording';
import { dropSupervisor, tellSupervisor } from './supervise';
import type { Supervisor } from './supervisor';
import { codecsOfBrowser, codecsOfPhone } from './leg-codecs';

const BROWSER_RING_MS = 10_000;
const PHONE_RING_MS = 30_000;

/** Fails when there are no media. Must run inside the call's serial queue. */
export const callSupervisor = async (ctx: CallContext, call: Call, supervisor: Supervisor): Promise<Result<void>> => {
  const { leg } = supervisor;
  const media = mediaOf(ctx, call, supervisor);
  leg.dtmf = media.dtmf;
  const opened = await ctx.media.openEndpoint(media);
  if (!opened.ok) return opened;
  leg.outgoing = placeLeg(ctx, call, { leg, request: requestOf(ctx, call, { supervisor, sdp: opened.value.sdp }) });
  void leg.outgoing.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (!call.supervisors.includes(supervisor)) return answered.ok ? void answered.value.hangup() : undefined;
      if (answered.ok) return supervisorAnswered(ctx, call, { supervisor, dialog: answered.value });
      return dropSupervisor(ctx, call, { supervisor, reason: reasonOf(answered.fault) });
    }),
  );
  return ok(undefined);
};

const mediaOf = (ctx: CallContext, call: Call, { leg, device }: Supervisor): OpenEndpoint => {
  const { endpointId } = leg;
  const own = nearLegOf(call)?.codec;
  if (device.kind === 'browser') return { endpointId, kind: 'webrtc', codecs: codecsOfBrowser(ctx, own) };
  const phone = ctx.directory.phone(device.extension);
  return {
    endpointId,
    kind: 'rtp',
    codecs: codecsOfPhone(ctx, phone, own),
    ...(phone?.srtp && { srtp: phone.srtp }),
    ...dtmfOf(ctx, phone),
  };
};

const requestOf = (ctx: CallContext, call: Call, of: { supervisor: Supervisor; sdp: string }): OutgoingRequest => {
  const { supervisor, sdp } = of;
  const common = { target: targetOf(ctx, supervisor), from: shownParty(ctx, call), sdp };
  if (supervisor.device.kind === 'phone') return { ...common, ringTimeoutMs: PHONE_RING_MS };
  const headers = { 'X-Switchroom-Call': call.callId, 'X-Switchroom-Supervision': supervisor.supervisionId };
  return { ...common, headers, ringTimeoutMs: BROWSER_RING_MS };
};

const targetOf = (ctx: CallContext, { device, seat }: Supervisor): CallTarget => {
  if (device.kind === 'phone') return { kind: 'phone', userName: device.extension };
  const agent = seat.kind === 'agent' ? ctx.directory.agent(seat.leg.agentId) : undefined;
  return { kind: 'user', userName: agent?.userName ?? '' };
};

/** A telephone shows whom its user listens to. */
const shownParty = (ctx: CallContext, call: Call): CallParty => {
  const agent = call.agentLeg && ctx.directory.agent(call.agentLeg.agentId);
  return agent ? { number: agent.extension, displayName: agent.displayName } : { number: call.identity.number };
};

const supervisorAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { supervisor: Supervisor; dialog: SipDialog },
): Promise<void> => {
  const { supervisor, dialog } = answer;
  const { leg, mode, identity, supervisionId } = supervisor;
  adoptDialog(ctx, call, { leg, dialog });
  if (dialog.ended) return;
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, dialog.remoteSdp);
  if (!accepted.ok) return dropSupervisor(ctx, call, { supervisor, reason: 'media-unavailable' });
  leg.codec = accepted.value.codec;
  // The keys of supervisors change the mode; not even when they barge in does anybody hear them.
  const hidden = await ctx.media.hideDigits(leg.endpointId, true);
  if (!hidden.ok) return dropSupervisor(ctx, call, { supervisor, reason: 'media-unavailable' });
  supervisor.answered();
  const arranged = await arrange(ctx, call);
  if (!arranged.ok) return dropSupervisor(ctx, call, { supervisor, reason: 'media-unavailable' });
  if (mode === 'barge') await recordVoices(ctx, call);
  const { userId, userName, displayName } = identity;
  call.log.beginSupervision({ id: supervisionId, userId, userName, displayName, mode });
  ctx.log.info({ callId: call.callId, by: userName, mode }, 'a supervisor is with a call');
  tellSupervisor(ctx, call, supervisor);
  callChanged(ctx, call);
};
