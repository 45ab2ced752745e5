/** What is written down of a call as it stands now. */
import { isSensitive } from '../../flows/sensitive';
import type { FlowState } from '../../flows/interpreter';
import type { AgentId } from '../../base/ids';
import type { AgentLeg, Call, Leg, PeerLeg } from '../call';
import { isMadeFlow } from '../made-flow';
import type { Stay } from '../conference/model';
import type { CallPhase } from '../phase';
import type { Supervisor } from '../supervisor';
import type { ThirdParty } from '../third-party';
import { CALL_RECORD_VERSION, PLAIN_FIELDS } from './call-record';
import type { CallRecord, LegRecord, PlainFields, RecordedPhase, SupervisorRecord, ThirdRecord } from './call-record';

/**
 * Undefined while it could not go on without the app that has it: the answer is on its way to the caller, or somebody whom
 * it cannot do without is still being called.
 * @param wrapUpsOf agents who write about it; of a call that is over there must be one.
 * @param stay of a call that is in a conference.
 */
export const recordCall = (call: Call, wrapUpsOf: readonly AgentId[] = [], stay?: Stay): CallRecord | undefined => {
  const phase = phaseOf(call, stay);
  if (!phase || (phase.kind === 'ended' && wrapUpsOf.length === 0)) return undefined;
  const { incoming, customer, agentLeg, outside, peer, recordingMask: mask, joint, flow } = call;
  const isOver = phase.kind === 'ended';
  // Who was reached for a flow, and not put through yet, is let go.
  const isAlone = phase.kind === 'flow' || phase.kind === 'alerting';
  return {
    version: CALL_RECORD_VERSION,
    interactionId: call.log.interaction._id,
    identity: call.identity,
    phase,
    plain: plainOf(call),
    variables: call.variables.kept(),
    flowId: flow?.id,
    ...(isMadeFlow(flow) && { madeFlow: flow }),
    mask: mask && { kind: mask.kind, untilMs: mask.untilMs, keys: mask.keys },
    joint: isOver ? { made: { kind: 'apart' } } : { pair: joint.pair, made: madeOf(joint) },
    ...(!isOver && {
      // Who still rings is cancelled when the app is gone.
      ...(customer && hasCaller(call) && { customer: legOf(customer) }),
      ...(incoming && { incoming: { invite: incoming.invite.record, sdp: incoming.sdp } }),
      ...(isThere(agentLeg) && !isAlone && { agentLeg: agentLegOf(agentLeg) }),
      third: consultedOf(call.third),
      ...(isThere(outside) && !isAlone && { outside: legOf(outside) }),
      ...(isThere(peer) && !isAlone && { peer: peerOf(peer) }),
    }),
    guests: isOver ? [] : call.guests.flatMap((guest) => thirdOf(guest) ?? []),
    supervisors: isOver ? [] : call.supervisors.flatMap((supervisor) => supervisorOf(supervisor) ?? []),
    wrapUpsOf: [...wrapUpsOf],
  };
};

const isThere = <Party extends Leg>(leg: Party | undefined): leg is Party =>
  leg?.dialog !== undefined || leg?.dialogAhead !== undefined;

/** On the line, or with a telephone that waits for the answer. */
const hasCaller = ({ customer, incoming }: Call): boolean =>
  isThere(customer) || (customer !== undefined && incoming !== undefined);

const phaseOf = (call: Call, stay: Stay | undefined): RecordedPhase | undefined => {
  const { phase, customer, agentLeg, outside, peer } = call;
  switch (phase.kind) {
    case 'flow':
      return hasCaller(call) ? { kind: 'flow', state: keepable(call, phase.state) } : undefined;
    case 'queued':
    case 'ringing':
    case 'transferring':
      return isThere(customer) ? phase : undefined;
    case 'talking':
      return hasCaller(call) && isThere(agentLeg) ? phase : undefined;
    case 'held':
    case 'consulting':
      return isThere(customer) && isThere(agentLeg) ? phase : undefined;
    case 'forwarded':
      return hasCaller(call) && isThere(outside ?? peer) ? phase : undefined;
    case 'reanswer':
      return isThere(phase.waitingFor === 'caller' ? agentLeg : customer) ? phase : undefined;
    case 'ended':
      return phase;
    case 'alerting':
      if (isBeingJoined(call, phase)) return joinedPhaseOf(call);
      if (!phase.flow) return call.incoming ? { kind: 'alerting' } : undefined;
      return hasCaller(call) ? { kind: 'flow', state: phase.flow } : undefined;
    case 'conference':
      if (
        isThere(customer) &&
        ((stay && call.visit?.kind === 'member') || (phase.flow && call.visit?.kind === 'asking'))
      )
        return { ...phase, stay };
      return phase.flow && hasCaller(call) ? { kind: 'flow', state: phase.flow } : undefined;
    case 'failing':
      return phase.after.then === 'flow' && isThere(customer) ? { kind: 'flow', state: phase.after.state } : undefined;
    case 'dialling':
      return undefined;
  }
};

/** Who was called has answered, and the caller's answer is on its way. */
const isBeingJoined = ({ customer }: Call, { flow }: Extract<CallPhase, { kind: 'alerting' }>): boolean =>
  customer?.dialogAhead !== undefined || (!flow && customer?.dialog !== undefined);

const joinedPhaseOf = ({ agentLeg, peer }: Call): RecordedPhase | undefined => {
  if (isThere(peer)) return { kind: 'forwarded' };
  return isThere(agentLeg) ? { kind: 'talking', agentId: agentLeg.agentId } : undefined;
};

/** Digits that must be kept nowhere are asked for again. */
const keepable = ({ flow }: Call, state: FlowState): FlowState =>
  flow && state.kind === 'collect-waiting' && isSensitive(flow, state) ? { ...state, digits: '' } : state;

const plainOf = (call: Call): PlainFields =>
  Object.fromEntries(PLAIN_FIELDS.flatMap((field) => (call[field] === undefined ? [] : [[field, call[field]]])));

const madeOf = ({ made }: Call['joint']): CallRecord['joint']['made'] =>
  made.kind === 'mix' ? { ...made, members: [...made.members] } : made;

const legOf = ({ endpointId, codec, dtmf, holdsUs, owner, counted, station, dialog, dialogAhead }: Leg): LegRecord => ({
  endpointId,
  codec,
  dtmf,
  holdsUs,
  owner,
  counted,
  station,
  dialog: dialog?.record ?? dialogAhead,
});

const agentLegOf = (leg: AgentLeg): NonNullable<CallRecord['agentLeg']> => ({
  ...legOf(leg),
  agentId: leg.agentId,
  muted: leg.muted,
});

/** One who is to be given the customer is called anew or not at all. */
const consultedOf = (third: Call['third']): ThirdRecord | undefined =>
  third?.purpose === 'consult' ? thirdOf(third) : undefined;

/** Nobody who still rings. */
const thirdOf = (third: ThirdParty): ThirdRecord | undefined => {
  if (!isThere(third.leg)) return undefined;
  const { state, target, contactId } = third;
  if (state.kind !== 'talking' && state.kind !== 'held') return undefined;
  const { leg } = state;
  return {
    ...{ target, state: state.kind, contactId },
    ...(leg.kind === 'agent' ? { agentLeg: agentLegOf(leg.agent) } : { outside: legOf(leg.outside) }),
  };
};

/** One who still rings is not called anew. */
const supervisorOf = (supervisor: Supervisor): SupervisorRecord | undefined => {
  const { supervisionId, identity, device, mode, follows, seat, leg, isThere } = supervisor;
  if (!isThere) return undefined;
  return {
    ...{ supervisionId, identity, device, mode, follows, leg: legOf(leg) },
    ...(seat.kind === 'agent' && { seat: { agentId: seat.leg.agentId, contactId: seat.contactId } }),
  };
};

const peerOf = (leg: PeerLeg): NonNullable<CallRecord['peer']> => ({
  ...legOf(leg),
  number: leg.number,
  extension: leg.extension,
});
