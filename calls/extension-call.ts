/**
 * A call that goes to one person instead of a flow: an extension that a phone or a trunk's caller dials, or a number
 * outside that a phone dials. The caller's INVITE waits until the called party answers.
 */
import { asId, newId } from '../base/ids';
import type { CallId, EndpointId, InteractionId, TrunkId } from '../base/ids';
import type { Fault } from '../base/result';
import type { AudioCodec } from '../media/ports';
import type { CallParty, IncomingInvite } from '../signaling/ports';
import { statusOfCode } from '../signaling/status-codes';
import type { Interaction } from '../store/interaction';
import { Call } from './call';
import type { Leg } from './call';
import { callAgentDirectly } from './call-agent';
import { onCall } from './context';
import type { CallContext } from './context';
import { endCall } from './end';
import { createLog } from './open-log';
import { CALLER_GAVE_UP, reasonOf } from './outcome';
import { putThrough } from './put-through';
import type { Goal } from './route-call';

export type PersonGoal = Exclude<Goal, { kind: 'flow' }>;

/** Either codec of a carrier; without an offer only one, since both legs must have the same. */
const CODECS: readonly AudioCodec[] = ['PCMA', 'PCMU'];
const CODECS_WITHOUT_OFFER: readonly AudioCodec[] = ['PCMA'];

export const acceptExtensionCall = (ctx: CallContext, invite: IncomingInvite, goal: PersonGoal): void => {
  const call = createCall(ctx, invite, goal);
  const { customer } = call;
  if (!customer) return;
  onCall(ctx, call, async () => {
    const opened = await ctx.media.openEndpoint({
      endpointId: customer.endpointId,
      kind: 'rtp',
      codecs: invite.sdp === undefined ? CODECS_WITHOUT_OFFER : CODECS,
      ...(invite.sdp === undefined ? {} : { offer: invite.sdp }),
    });
    call.incoming = { invite, sdp: opened.ok ? opened.value.sdp : '' };
    if (!opened.ok) return refuse(ctx, call, opened.fault);
    customer.codec = opened.value.codec;
    await reach(ctx, call, goal);
  });
  invite.onCancelled((reason) => {
    const lost = reason === 'connection_lost';
    onCall(ctx, call, () =>
      endCall(ctx, call, lost ? { party: 'system', reason: 'sip-server-lost', failed: true } : CALLER_GAVE_UP),
    );
  });
};

const reach = (ctx: CallContext, call: Call, goal: PersonGoal): Promise<void> =>
  goal.kind === 'agent' ? callAgentDirectly(ctx, call, goal.agent) : putThrough(ctx, call, { goal });

const refuse = (ctx: CallContext, call: Call, fault: Fault): Promise<void> =>
  endCall(ctx, call, {
    party: 'system',
    reason: reasonOf(fault),
    failed: true,
    status: fault.code === 'not_acceptable_media' || fault.code === 'bad_input' ? statusOfCode(fault.code) : 503,
  });

const createCall = (ctx: CallContext, invite: IncomingInvite, goal: PersonGoal): Call => {
  const endpointId = newId<EndpointId>();
  const leg: Leg = { endpointId, codec: undefined, dialog: undefined, outgoing: undefined };
  const { origin, to } = invite;
  const caller = callingParty(ctx, invite);
  const direction = directionOf(invite, goal);
  const startedAtMs = ctx.clock.nowMs();
  const interaction: Interaction = {
    _id: newId<InteractionId>(),
    channel: 'voice',
    direction,
    startedAtMs,
    caller: caller.displayName === undefined ? { number: caller.number } : { ...caller },
    called: { number: to.number },
    ...trunkOf(invite, goal),
    digits: [],
    segments: [],
    parties: [],
    recordings: [],
  };
  const identity = {
    callId: newId<CallId>(),
    direction,
    number: caller.number,
    displayName: caller.displayName,
    dialledNumber: to.number,
    startedAtMs,
    callerExtension: origin.kind === 'phone' ? origin.userName : undefined,
  };
  const call = new Call(identity, createLog(ctx, interaction), { kind: 'alerting', flow: undefined });
  call.customer = leg;
  ctx.calls.set(call.callId, call);
  ctx.callsByEndpoint.set(endpointId, call.callId);
  call.log.join('caller', caller.number);
  ctx.log.info({ callId: call.callId, sipCallId: invite.callId, from: caller.number, to: to.number }, 'call arrived');
  return call;
};

/** A phone calls under the name that the directory has for it, whatever it says itself. */
export const callingParty = (ctx: CallContext, { origin, from }: IncomingInvite): CallParty => {
  if (origin.kind !== 'phone') return from;
  const phone = ctx.directory.phones().find(({ extension }) => extension === origin.userName);
  return { number: origin.userName, ...(phone ? { displayName: phone.displayName } : {}) };
};

const directionOf = (invite: IncomingInvite, goal: PersonGoal): Interaction['direction'] => {
  if (invite.origin.kind === 'trunk') return 'inbound';
  return goal.kind === 'trunk' && goal.callerId !== undefined ? 'outbound' : 'internal';
};

/** The trunk that brings the call, or else the one that carries it on. */
const trunkOf = (invite: IncomingInvite, goal: PersonGoal): { trunkId?: TrunkId } => {
  if (invite.origin.kind === 'trunk') return { trunkId: asId<TrunkId>(invite.origin.trunkId) };
  return goal.kind === 'trunk' ? { trunkId: asId<TrunkId>(goal.trunkId) } : {};
};
