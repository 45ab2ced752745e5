/** A call arrives: find its flow, open its media, write it down, walk the flow. */
import { asId, newId } from '../base/ids';
import type { CallId, EndpointId, InteractionId, TrunkId } from '../base/ids';
import type { Fault, Result } from '../base/result';
import type { OpenedEndpoint } from '../media/ports';
import type { IncomingInvite } from '../signaling/ports';
import type { Interaction, Outcome } from '../store/interaction';
import { admitCaller } from './admit-caller';
import type { Admitted } from './admit-caller';
import { Call } from './call';
import { asEntry, traceOf, userToUserOf } from './caller-data';
import type { Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { endCall } from './end';
import { acceptExtensionCall, callingParty } from './extension-call';
import { advanceFlow } from './flow-runner';
import { createLog } from './open-log';
import { replaceLeg } from './replace-leg';
import { CALLER_GAVE_UP, reasonOf } from './outcome';
import type { Dialler } from './route-call';

/** Where a trunk names no codecs, its calls are G.711; A-law first, as nearly everywhere outside North America and Japan. */
const CARRIER_CODECS = ['PCMA', 'PCMU'] as const;

export const acceptInbound = async (ctx: CallContext, invite: IncomingInvite): Promise<void> => {
  const log = ctx.log.child({ sipCallId: invite.callId, from: invite.from.number, to: invite.to.number });
  if (invite.replaces) return replaceLeg(ctx, invite, invite.replaces.dialogId);
  const dialler = diallerOf(ctx, invite);
  if (!dialler) {
    log.warn('an agent sent an INVITE; agents dial through the event socket');
    invite.reject(403, 'Dial through the agent desktop');
    return;
  }
  const admission = await admitCaller(ctx, invite, dialler);
  if (admission.kind === 'person') return acceptExtensionCall(ctx, invite, admission.goal);
  if (admission.kind !== 'flow') {
    log.info({ outcome: admission.outcome.reason }, 'a call was not taken');
    if (admission.kind === 'refused') invite.reject(admission.status, admission.reason);
    await writeRefusal(ctx, invite, admission.outcome);
    return;
  }
  const { flow, variables } = admission;
  const endpointId = newId<EndpointId>();
  const opened = await openMedia(ctx, invite, endpointId);
  if (!opened.ok) {
    log.warn({ fault: opened.fault }, 'no media for this call');
    invite.reject(statusOf(opened.fault), opened.fault.message);
    await writeRefusal(ctx, invite, { result: 'failed', reason: reasonOf(opened.fault), party: 'system' });
    return;
  }
  const leg: Leg = { endpointId, codec: opened.value.codec, dialog: undefined, outgoing: undefined };
  const call = createCall(ctx, invite, { leg, admission });
  call.flow = flow;
  call.variables = variables;
  call.incoming = { invite, sdp: opened.value.sdp };
  invite.onCancelled((reason) => {
    const lost = reason === 'connection_lost';
    onCall(ctx, call, () =>
      endCall(ctx, call, lost ? { party: 'system', reason: 'sip-server-lost', failed: true } : CALLER_GAVE_UP),
    );
  });
  log.info({ callId: call.callId, flow: flow.id }, 'call arrived');
  invite.ring(180);
  onCall(ctx, call, () => advanceFlow(ctx, call, { type: 'start' }));
};

/** Nobody, when an agent has sent the INVITE: agents dial at their desk. */
const diallerOf = (ctx: CallContext, { origin }: IncomingInvite): Dialler | undefined => {
  if (origin.kind === 'trunk') return { kind: 'trunk' };
  const phone =
    origin.kind === 'phone' ? ctx.directory.phones().find(({ extension }) => extension === origin.userName) : undefined;
  return phone && { kind: 'phone', phone };
};

const openMedia = (ctx: CallContext, invite: IncomingInvite, endpointId: EndpointId): Promise<Result<OpenedEndpoint>> =>
  ctx.media.openEndpoint({
    endpointId,
    kind: 'rtp',
    codecs: invite.traits?.codecs ?? CARRIER_CODECS,
    ...(invite.traits && { srtp: invite.traits.srtp }),
    ...(invite.sdp === undefined ? {} : { offer: invite.sdp }),
  });

/** SIP's status for a call that media could not take. */
const statusOf = (fault: Fault): number => {
  if (fault.code === 'not_acceptable_media') return 488;
  return fault.code === 'bad_input' ? 400 : 503;
};

const createCall = (ctx: CallContext, invite: IncomingInvite, taken: { leg: Leg; admission: Admitted }): Call => {
  const { leg, admission } = taken;
  const { from, dialled } = admission;
  const callId = newId<CallId>();
  const identity = {
    callId,
    direction: directionOf(invite),
    number: from.number,
    displayName: from.displayName,
    dialledNumber: dialled,
    startedAtMs: ctx.clock.nowMs(),
    callerExtension: invite.origin.kind === 'phone' ? invite.origin.userName : undefined,
  };
  const log = createLog(ctx, { ...interactionOf(ctx, invite), ...dataOf(admission) });
  const call = new Call(identity, log, { kind: 'flow', state: { kind: 'idle' } });
  call.customer = leg;
  ctx.calls.set(callId, call);
  ctx.callsByEndpoint.set(leg.endpointId, callId);
  log.join('caller', from.number);
  log.enter('flow');
  return call;
};

/** What a call that was handed over brings along, and who it was at the switch where it began. */
const dataOf = ({ restored, variables, from, dialled }: Admitted): Partial<Interaction> => {
  if (!restored) return {};
  const { interactionId, site } = restored;
  const previous = { ...(interactionId !== undefined && { interactionId }), ...(site !== undefined && { site }) };
  return { caller: { ...from }, called: { number: dialled }, data: variables.toObject(), previous };
};
const directionOf = ({ origin }: IncomingInvite): 'inbound' | 'internal' =>
  origin.kind === 'trunk' ? 'inbound' : 'internal';

const interactionOf = (ctx: CallContext, invite: IncomingInvite): Interaction => {
  const uui = userToUserOf(invite);
  const { number, displayName } = callingParty(ctx, invite);
  const { origin } = invite;
  return {
    _id: newId<InteractionId>(),
    channel: 'voice',
    direction: directionOf(invite),
    startedAtMs: ctx.clock.nowMs(),
    caller: displayName === undefined ? { number } : { number, displayName },
    called: { number: invite.to.number },
    trace: traceOf(invite),
    ...(uui.length > 0 && { userToUser: uui.map(asEntry) }),
    ...(origin.kind === 'trunk' ? { trunkId: asId<TrunkId>(origin.trunkId) } : {}),
    sipCallIds: [invite.callId],
    digits: [],
    segments: [],
    parties: [],
    recordings: [],
  };
};

/** A call that was refused before it had a flow is history too. */
const writeRefusal = async (ctx: CallContext, invite: IncomingInvite, outcome: Outcome): Promise<void> => {
  const log = createLog(ctx, interactionOf(ctx, invite));
  log.finish(outcome);
  await log.settled();
};
