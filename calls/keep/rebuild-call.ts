/** A call as its record tells of it; its legs have no dialogs yet. */
import { Variables } from '../../flows/variables';
import type { Interaction } from '../../store/interaction';
import { Call } from '../call';
import type { AgentLeg, Leg } from '../call';
import type { CallContext } from '../context';
import { createLog } from '../open-log';
import type { CallPhase } from '../phase';
import { ThirdParty } from '../third-party';
import { Supervisor } from '../supervisor';
import type { AgentLegRecord, CallRecord, LegRecord, ResumedPhase, SupervisorRecord, ThirdRecord } from './call-record';

/** A record with the interaction that it is about, as the store has it. */
export interface KeptCall {
  readonly record: CallRecord;
  readonly interaction: Interaction;
}

export const rebuildCall = (ctx: CallContext, { record, interaction }: KeptCall, phase: ResumedPhase): Call => {
  const { identity, plain, variables, joint, customer, agentLeg, third, guests, supervisors, outside, peer } = record;
  const call = new Call(
    { ...identity, displayName: identity.displayName },
    createLog(ctx, interaction),
    phaseOf(phase),
  );
  Object.assign(call, plain);
  call.variables = Variables.from(variables);
  call.flow = flowOf(ctx, record);
  call.visit = visitOf(ctx, phase);
  call.customer = customer && legOf(customer);
  call.agentLeg = agentLeg && agentLegOf(agentLeg);
  call.third = third && thirdOf(third);
  call.guests = guests.flatMap((guest) => thirdOf(guest) ?? []);
  call.supervisors = supervisors.map(supervisorOf);
  call.outside = outside && legOf(outside);
  call.peer = peer && { ...legOf(peer), number: peer.number, extension: peer.extension };
  call.joint.pair = joint.pair;
  call.joint.made = joint.made;
  // It was listened to at the beginning of the conversation, which is over.
  call.talkListening = { kind: 'over' };
  return call;
};

const phaseOf = (phase: ResumedPhase): CallPhase => {
  if (phase.kind === 'alerting') return { ...phase, flow: undefined };
  return phase.kind === 'conference' ? { kind: 'conference', roomId: phase.roomId, flow: phase.flow } : phase;
};

const visitOf = (ctx: CallContext, phase: ResumedPhase): Call['visit'] => {
  const room = phase.kind === 'conference' ? ctx.directory.conferenceRoom?.(phase.roomId) : undefined;
  if (phase.kind !== 'conference' || !phase.stay || !room) return undefined;
  return { kind: 'member', room, role: phase.stay.member.role, starAtMs: undefined };
};

const legOf = ({ endpointId, codec, dtmf, holdsUs, owner, counted, station }: LegRecord): Leg => ({
  endpointId,
  codec,
  dtmf,
  ...(holdsUs !== undefined && { holdsUs }),
  owner,
  ...(counted && { counted }),
  ...(station && { station }),
  dialog: undefined,
  outgoing: undefined,
});

const agentLegOf = (leg: AgentLegRecord): AgentLeg => ({ ...legOf(leg), agentId: leg.agentId, muted: leg.muted });

const thirdOf = ({ target, state, contactId, agentLeg, outside }: ThirdRecord): ThirdParty | undefined => {
  const third = new ThirdParty(target, 'consult');
  third.contactId = contactId;
  if (agentLeg) third.state = { kind: state, leg: { kind: 'agent', agent: agentLegOf(agentLeg) } };
  else if (outside) third.state = { kind: state, leg: { kind: 'outside', outside: legOf(outside) } };
  return third.leg && third;
};

const supervisorOf = ({ leg, seat, ...about }: SupervisorRecord): Supervisor => {
  const rebuilt = legOf(leg);
  const supervisor = new Supervisor({
    ...{ ...about, follows: about.follows },
    seat: seat
      ? { kind: 'agent', leg: { ...rebuilt, agentId: seat.agentId, muted: false }, contactId: seat.contactId }
      : { kind: 'phone', leg: rebuilt },
  });
  supervisor.answered();
  return supervisor;
};

/** As it is now; one that has been changed so that the call's step is gone leads nowhere. */
const flowOf = ({ directory }: CallContext, { flowId, madeFlow, identity }: CallRecord): Call['flow'] => {
  if (madeFlow) return madeFlow;
  if (flowId === undefined) return undefined;
  const ofNumber = directory.flowOf(identity.dialledNumber);
  return ofNumber?.id === flowId ? ofNumber : directory.flow?.(flowId);
};
