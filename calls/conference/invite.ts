/** Somebody is called and asked into a conference: an agent, a phone, or a number outside. */
import { asId, newId } from '../../base/ids';
import type { AgentId, CallId, TrunkId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Fault, Result } from '../../base/result';
import type { CallParty, OutgoingCall, SipDialog } from '../../signaling/ports';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import { acceptSdp } from '../accept-sdp';
import { adoptDialog } from '../answer';
import { Call, newLeg } from '../call';
import type { Leg } from '../call';
import { canRing } from '../call-agent';
import { onCall } from '../context';
import type { CallContext } from '../context';
import { callChanged } from '../desk-view';
import { endCall } from '../end';
import { dtmfOfGoal, headersOfGoal, mediaOfGoal, nameOfGoal } from '../goal-media';
import { createLog, newInteraction } from '../open-log';
import { reasonOf } from '../outcome';
import { placeLeg } from '../place-leg';
import { ringAgentAtStation } from '../ring-agent';
import { routeCall, targetOf } from '../route-call';
import type { PersonGoal } from '../route-call';
import { offerForTrunks } from '../trunk-media';
import { arrive } from './enter';
import { awaitConsent } from './consent';

const RING_TIMEOUT_MS = 45_000;

export interface Invitation {
  /** An extension, or a number outside. */
  readonly number: string;
  readonly role: ConferenceRole;
}

interface Inviting extends Invitation {
  readonly room: ConferenceRoom;
  readonly goal: PersonGoal;
}

/**
 * Calls whoever is invited; the answer makes a member of the conference, for a number outside after its key 1.
 * Errors: those of routing and permission, `busy` and `unavailable` for an agent who cannot be called, `busy` for a
 * conference that is full, `not_found` for a room that is not there.
 */
export const inviteTo = (ctx: CallContext, roomId: string, { number, role }: Invitation): Result<CallId> => {
  const room = ctx.directory.conferenceRoom?.(roomId);
  if (!room) return fail('not_found', `There is no conference room ${roomId}.`);
  const routed = routeCall(ctx, number, { kind: 'agent' });
  if (!routed.ok) return routed;
  const goal = routed.value;
  if (goal.kind === 'flow') return fail('no_route', `${number} is a number for callers.`);
  const may = mayInvite(ctx, room, { goal, number });
  if (!may.ok) return may;
  const call = createCall(ctx, { room, goal, number, role });
  const taken = ctx.conferences.invited(room, call, role);
  if (!taken.ok) return taken;
  const engaged = engage(ctx, call, goal);
  if (!engaged.ok) {
    ctx.conferences.left(call);
    return engaged;
  }
  ctx.calls.set(call.callId, call);
  onCall(ctx, call, () => callGuest(ctx, call, { room, goal, number, role }));
  return ok(call.callId);
};

const accountOf = ({ _id }: ConferenceRoom): string => `conference:${_id}`;

const mayInvite = (
  ctx: CallContext,
  room: ConferenceRoom,
  { goal, number }: { readonly goal: PersonGoal; readonly number: string },
): Result<unknown> => {
  if (goal.kind === 'agent') return canRing(ctx, goal.agent);
  const permitted = ctx.permission.outbound({ dialled: number, caller: room.numbers[0] });
  if (!permitted.ok || goal.kind !== 'trunk' || !goal.outside) return permitted;
  return ctx.fraud.mayCall({ account: accountOf(room), number: goal.number });
};

/** The ACD offers an invited agent nothing else meanwhile. */
const engage = (ctx: CallContext, call: Call, goal: PersonGoal): Result<void> => {
  if (goal.kind !== 'agent') return ok(undefined);
  const { agentId } = goal.agent;
  const begun = ctx.acd.dispatch({ type: 'contact-begun', contactId: call.contactId, agentId });
  if (begun.ok) call.colleague = { agentId, contactId: call.contactId, muted: false };
  return begun;
};

const createCall = (ctx: CallContext, { room, goal, number }: Inviting): Call => {
  const startedAtMs = ctx.clock.nowMs();
  const isOutside = goal.kind === 'trunk' && goal.outside;
  const direction = isOutside ? 'outbound' : 'internal';
  const interaction = newInteraction({
    direction,
    startedAtMs,
    caller: { ...shownCaller(room, goal) },
    called: { number },
    ...(goal.kind === 'trunk' && { trunkId: asId<TrunkId>(goal.trunkId) }),
    ...(goal.kind === 'agent' && { agentId: goal.agent.agentId }),
  });
  const displayName = nameOfGoal(goal);
  const identity = {
    ...({ callId: newId<CallId>(), direction, number, displayName } as const),
    dialledNumber: number,
    startedAtMs,
  };
  const call = new Call(identity, createLog(ctx, interaction), { kind: 'alerting', flow: undefined });
  call.conferenceRoomId = room._id;
  call.customer = { ...newLeg(), ...dtmfOfGoal(ctx, goal) };
  call.log.enter('ringing', { detail: number });
  return call;
};

/** A trunk is shown its own caller, everybody in the house the room. */
const shownCaller = (room: ConferenceRoom, goal: PersonGoal): CallParty =>
  goal.kind === 'trunk' && goal.callerId !== undefined ? { number: goal.callerId } : fromRoom(room);

const fromRoom = (room: ConferenceRoom): CallParty => ({
  number: room.numbers[0] ?? room._id,
  displayName: room.name,
});

const callGuest = async (ctx: CallContext, call: Call, inviting: Inviting): Promise<void> => {
  const { room, goal } = inviting;
  const leg = call.customer;
  if (!leg || call.phase.kind !== 'alerting') return;
  callChanged(ctx, call);
  const placed = await (goal.kind === 'agent'
    ? ringAgent(ctx, call, { agentId: goal.agent.agentId, leg, room })
    : placeGuest(ctx, call, { inviting, goal, leg }));
  if (!placed.ok) return endCall(ctx, call, { party: 'system', reason: 'media-unavailable', failed: true });
  void placed.value.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (call.phase.kind !== 'alerting') return answered.ok ? void answered.value.hangup() : undefined;
      if (!answered.ok) return notReached(ctx, call, answered.fault);
      return guestAnswered(ctx, call, { inviting, leg, dialog: answered.value });
    }),
  );
};

const ringAgent = (
  ctx: CallContext,
  call: Call,
  of: { readonly agentId: AgentId; readonly leg: Leg; readonly room: ConferenceRoom },
): Promise<Result<OutgoingCall>> => {
  const { agentId, leg, room } = of;
  return ringAgentAtStation(ctx, call, { agentId, leg, from: fromRoom(room), ringTimeoutMs: RING_TIMEOUT_MS });
};

const placeGuest = async (
  ctx: CallContext,
  call: Call,
  of: { readonly inviting: Inviting; readonly goal: Exclude<PersonGoal, { kind: 'agent' }>; readonly leg: Leg },
): Promise<Result<OutgoingCall>> => {
  const { goal, leg } = of;
  const { room } = of.inviting;
  ctx.callsByEndpoint.set(leg.endpointId, call.callId);
  const media = mediaOfGoal(ctx, goal, { leg, own: undefined });
  const opened = await ctx.media.openEndpoint(media);
  if (!opened.ok) return opened;
  const { sdp } = opened.value;
  leg.outgoing = placeLeg(ctx, call, {
    leg,
    request: {
      target: targetOf(goal),
      from: shownCaller(room, goal),
      sdp,
      headers: headersOfGoal(call, goal),
      ...(goal.kind === 'trunk' && {
        offerFor: offerForTrunks(ctx, call, { leg, own: undefined, trunkId: goal.trunkId, media, sdp }),
      }),
      ringTimeoutMs: RING_TIMEOUT_MS,
    },
    events: { onAttempt: ({ trunkId }) => call.log.update({ trunkId: asId<TrunkId>(trunkId) }) },
    ...(goal.kind === 'trunk' && goal.outside && { outside: { account: accountOf(room), number: goal.number } }),
  });
  return ok(leg.outgoing);
};

const notReached = (ctx: CallContext, call: Call, fault: Fault): Promise<void> =>
  endCall(ctx, call, { party: 'called', reason: reasonOf(fault) });

const guestAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { readonly inviting: Inviting; readonly leg: Leg; readonly dialog: SipDialog },
): Promise<void> => {
  const { inviting, leg, dialog } = answer;
  const { room, role, goal } = inviting;
  adoptDialog(ctx, call, { leg, dialog });
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp)))
    return endCall(ctx, call, { party: 'called', reason: 'no-common-codec', failed: true });
  call.moveTo({ kind: 'conference', roomId: room._id, flow: undefined });
  call.log.update({ answeredAtMs: ctx.clock.nowMs() });
  call.log.join(
    goal.kind === 'agent' ? 'agent' : 'called',
    goal.kind === 'agent' ? goal.agent.agentId : inviting.number,
  );
  call.log.enter('conference', { detail: room._id });
  callChanged(ctx, call);
  // What answers outside may be a machine, which must not talk to a conference.
  if (goal.kind === 'trunk') return awaitConsent(ctx, call, { room, role });
  await arrive(ctx, call, { room, role });
};
