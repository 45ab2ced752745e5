/**
 * A call that goes to one person instead of a flow: an extension that a phone or a trunk's caller dials, or a number
 * outside that a phone dials. The caller's INVITE waits until the called party answers.
 */
import { asId, newId } from '../base/ids';
import type { CallId, TrunkId } from '../base/ids';
import type { Fault } from '../base/result';
import type { IncomingInvite } from '../signaling/ports';
import type { Interaction } from '../store/interaction';
import { arrivalOf, callingExtension, endWhenCancelled, openCallerMedia, statusOfMediaFault } from './arriving';
import { Call, newLeg } from './call';
import type { Leg } from './call';
import { callAgentDirectly } from './call-agent';
import { onCall } from './context';
import type { CallContext } from './context';
import { endCall } from './end';
import { dtmfOfCaller } from './keys';
import { ownerOfOrigin } from './leg-owner';
import { createLog } from './open-log';
import { reasonOf } from './outcome';
import { putThrough } from './put-through';
import type { PersonGoal } from './route-call';

export const acceptExtensionCall = (ctx: CallContext, invite: IncomingInvite, goal: PersonGoal): void => {
  const customer: Leg = { ...newLeg(), owner: ownerOfOrigin(invite.origin), ...dtmfOfCaller(ctx, invite) };
  const call = createCall(ctx, invite, goal);
  call.customer = customer;
  ctx.voiceAnswers.arrived(call, invite.arrivedAtMs ?? call.identity.startedAtMs, false);
  ctx.callsByEndpoint.set(customer.endpointId, call.callId);
  onCall(ctx, call, async () => {
    // Without an offer only one codec, since both legs must have the same.
    const onlyOneCodec = invite.sdp === undefined;
    const opened = await openCallerMedia(ctx, invite, { endpointId: customer.endpointId, onlyOneCodec });
    call.incoming = { invite, sdp: opened.ok ? opened.value.sdp : '' };
    if (!opened.ok) return refuse(ctx, call, opened.fault);
    customer.codec = opened.value.codec;
    await reachPerson(ctx, call, goal);
  });
  endWhenCancelled(ctx, call, invite);
};

/** Must run inside the serial queue of a call that is `alerting`. */
export const reachPerson = (ctx: CallContext, call: Call, goal: PersonGoal): Promise<void> =>
  goal.kind === 'agent' ? callAgentDirectly(ctx, call, goal) : putThrough(ctx, call, { goal });

const refuse = (ctx: CallContext, call: Call, fault: Fault): Promise<void> =>
  endCall(ctx, call, { party: 'system', reason: reasonOf(fault), failed: true, status: statusOfMediaFault(fault) });

const createCall = (ctx: CallContext, invite: IncomingInvite, goal: PersonGoal): Call => {
  const interaction = { ...arrivalOf(ctx, invite), ...towards(invite, goal) };
  const { direction, startedAtMs, caller, called } = interaction;
  const identity = {
    callId: newId<CallId>(),
    direction,
    number: caller.number,
    displayName: caller.displayName,
    dialledNumber: called.number,
    startedAtMs,
    callerExtension: callingExtension(invite),
  };
  const call = new Call(identity, createLog(ctx, interaction), { kind: 'alerting', flow: undefined });
  ctx.calls.set(call.callId, call);
  call.log.join('caller', caller.number);
  ctx.log.info(
    { callId: call.callId, sipCallId: invite.callId, from: caller.number, to: called.number },
    'call arrived',
  );
  return call;
};

/** A phone's call through a trunk is that trunk's, and goes out when it is by the route table. */
const towards = ({ origin }: IncomingInvite, goal: PersonGoal): Partial<Interaction> => {
  if (origin.kind === 'trunk' || goal.kind !== 'trunk') return {};
  return { direction: goal.outside ? 'outbound' : 'internal', trunkId: asId<TrunkId>(goal.trunkId) };
};
