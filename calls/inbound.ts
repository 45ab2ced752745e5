/** A call arrives: find its flow, open its media, write it down, walk the flow. */
import { newId } from '../base/ids';
import type { CallId } from '../base/ids';
import type { IncomingInvite } from '../signaling/ports';
import type { Interaction, Outcome } from '../store/interaction';
import { admitCaller } from './admit-caller';
import type { Admitted } from './admit-caller';
import {
  arrivalOf,
  callingExtension,
  diallerOf,
  endWhenCancelled,
  openCallerMedia,
  statusOfMediaFault,
} from './arriving';
import { Call, newLeg } from './call';
import type { Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { acceptExtensionCall } from './extension-call';
import { advanceFlow } from './flow-runner';
import { dtmfOfCaller } from './keys';
import { ownerOfOrigin } from './leg-owner';
import { createLog } from './open-log';
import { replaceLeg } from './replace-leg';
import { reasonOf } from './outcome';

export const acceptInbound = async (ctx: CallContext, invite: IncomingInvite): Promise<void> => {
  const arrivedAtMs = invite.arrivedAtMs ?? ctx.clock.nowMs();
  const log = ctx.log.child({ sipCallId: invite.callId, from: invite.from.number, to: invite.to.number });
  if (invite.replaces) return replaceLeg(ctx, invite, invite.replaces);
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
  const leg: Leg = { ...newLeg(), owner: ownerOfOrigin(invite.origin), ...dtmfOfCaller(ctx, invite) };
  const opened = await openCallerMedia(ctx, invite, { endpointId: leg.endpointId });
  if (!opened.ok) {
    log.warn({ fault: opened.fault }, 'no media for this call');
    invite.reject(statusOfMediaFault(opened.fault), opened.fault.message);
    await writeRefusal(ctx, invite, { result: 'failed', reason: reasonOf(opened.fault), party: 'system' });
    return;
  }
  leg.codec = opened.value.codec;
  const call = createCall(ctx, invite, { leg, admission });
  call.flow = flow;
  call.variables = variables;
  call.incoming = { invite, sdp: opened.value.sdp };
  ctx.voiceAnswers.arrived(call, arrivedAtMs, true);
  endWhenCancelled(ctx, call, invite);
  log.info({ callId: call.callId, flow: flow.id }, 'call arrived');
  invite.ring(180);
  onCall(ctx, call, () => advanceFlow(ctx, call, { type: 'start' }));
};

const createCall = (ctx: CallContext, invite: IncomingInvite, taken: { leg: Leg; admission: Admitted }): Call => {
  const { leg, admission } = taken;
  const { from, dialled } = admission;
  const interaction = { ...arrivalOf(ctx, invite), ...dataOf(admission) };
  const callId = newId<CallId>();
  const identity = {
    callId,
    direction: interaction.direction,
    number: from.number,
    displayName: from.displayName,
    dialledNumber: dialled,
    startedAtMs: interaction.startedAtMs,
    callerExtension: callingExtension(invite),
  };
  const log = createLog(ctx, interaction);
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

/** A call that was refused before it had a flow is history too. */
const writeRefusal = async (ctx: CallContext, invite: IncomingInvite, outcome: Outcome): Promise<void> => {
  const log = createLog(ctx, arrivalOf(ctx, invite));
  log.finish(outcome);
  await log.settled();
};
