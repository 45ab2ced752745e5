/** A call as its record tells of it; its legs have no dialogs yet. */
import { Variables } from '../../flows/variables';
import type { Interaction } from '../../store/interaction';
import { Call } from '../call';
import type { Leg } from '../call';
import type { CallContext } from '../context';
import { createLog } from '../open-log';
import type { CallRecord, LegRecord, ResumedPhase } from './call-record';

/** A record with the interaction that it is about, as the store has it. */
export interface KeptCall {
  readonly record: CallRecord;
  readonly interaction: Interaction;
}

export const rebuildCall = (ctx: CallContext, { record, interaction }: KeptCall, phase: ResumedPhase): Call => {
  const { identity, plain, variables, joint, customer, agentLeg, outside, peer } = record;
  const call = new Call({ ...identity, displayName: identity.displayName }, createLog(ctx, interaction), phase);
  Object.assign(call, plain);
  call.variables = Variables.from(variables);
  call.flow = flowOf(ctx, record);
  call.customer = customer && legOf(customer);
  call.agentLeg = agentLeg && { ...legOf(agentLeg), agentId: agentLeg.agentId, muted: agentLeg.muted };
  call.outside = outside && legOf(outside);
  call.peer = peer && { ...legOf(peer), number: peer.number, extension: peer.extension };
  call.joint.pair = joint.pair;
  call.joint.made = joint.made;
  // It was listened to at the beginning of the conversation, which is over.
  call.talkListening = { kind: 'over' };
  return call;
};

const legOf = ({ endpointId, codec, dtmf, holdsUs, owner, counted }: LegRecord): Leg => ({
  endpointId,
  codec,
  dtmf,
  ...(holdsUs !== undefined && { holdsUs }),
  owner,
  ...(counted && { counted }),
  dialog: undefined,
  outgoing: undefined,
});

/** As it is now; one that has been changed so that the call's step is gone leads nowhere. */
const flowOf = ({ directory }: CallContext, { flowId, identity }: CallRecord): Call['flow'] => {
  if (flowId === undefined) return undefined;
  const ofNumber = directory.flowOf(identity.dialledNumber);
  return ofNumber?.id === flowId ? ofNumber : directory.flow?.(flowId);
};
