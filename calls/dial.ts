/**
 * An agent dials: the agent's own telephone is called first, then the other party, then both are joined. The other party
 * is a number through a trunk, a desk phone, or another agent.
 */
import type { Detect } from '../base/detect';
import { fail, ok } from '../base/result';
import { asId, newId } from '../base/ids';
import type { AgentId, CallId, ContactId, TrunkId } from '../base/ids';
import type { Result } from '../base/result';
import type { AudioCodec, OpenEndpoint } from '../media/ports';
import type { CallParty, OutgoingCall, SipDialog } from '../signaling/ports';
import { acceptSdp } from './accept-sdp';
import { adoptDialog } from './answer';
import { Call, newAgentLeg, newLeg } from './call';
import type { AgentLeg, Leg } from './call';
import { canRing } from './call-agent';
import { customerReached } from './callback-attempt';
import { dialConference } from './conference/agent-dials';
import { joinParties } from './connect';
import type { DirectoryAgent } from './context';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint, endCall, releaseColleague } from './end';
import { hasToldItself, hearEarlySound } from './early-sound';
import { tellFailure } from './failure-tone';
import { codecsOfGoal, dtmfOfGoal, headersOfGoal, mediaOfGoal, nameOfGoal } from './goal-media';
import { join } from './joint';
import { listenInTalk } from './listen-in-talk';
import { createLog, newInteraction } from './open-log';
import { reasonOf } from './outcome';
import type { Ending } from './outcome';
import { ringAgentAtStation } from './ring-agent';
import { playRingBack } from './ring-back';
import { placeLeg } from './place-leg';
import { accountOfAgent } from './place-outside';
import { routeCall, targetOf } from './route-call';
import type { PersonGoal } from './route-call';
import { offerForTrunks } from './trunk-media';
import { mayBeginCall } from './wrap-up';

/** It answers by itself. */
const BROWSER_ANSWER_TIMEOUT_MS = 10_000;
const STATION_ANSWER_TIMEOUT_MS = 30_000;
const FAR_END_TIMEOUT_MS = 60_000;

export interface DialOrder {
  readonly number: string;
  /** What is listened for after the answer; as the trunk says when absent. */
  readonly detect?: Detect | undefined;
}

export interface DialPlan {
  readonly agent: DirectoryAgent;
  /** As it was dialled. */
  readonly number: string;
  readonly goal: PersonGoal;
}

export const dial = async (
  ctx: CallContext,
  agentId: AgentId,
  { number, detect }: DialOrder,
): Promise<Result<void>> => {
  const may = mayBeginCall(ctx, agentId);
  if (!may.ok) return may;
  const permitted = ctx.permission.outbound({ agentId, dialled: number });
  if (!permitted.ok) {
    ctx.log.info({ agentId, number, reason: permitted.fault.message }, 'a call of an agent was not permitted');
    return permitted;
  }
  const agent = ctx.directory.agent(agentId);
  if (!agent) return fail('not_found', `There is no agent ${agentId}.`);
  const room = ctx.directory.conferenceRoomOf?.(number);
  if (room) return dialConference(ctx, agent, { number, room });
  const goal = routeCall(ctx, number, { kind: 'agent' });
  if (!goal.ok) return goal;
  if (goal.value.kind === 'flow') return fail('no_route', `${number} is a number for callers.`);
  const reachable = mayReach(ctx, agentId, goal.value);
  if (!reachable.ok) return reachable;
  const within = mayCallOutside(ctx, agentId, goal.value);
  if (!within.ok) return within;
  const plan = { agent, number, goal: goal.value };
  const call = createDialledCall(ctx, plan);
  call.detect = detect;
  const begun = ctx.acd.dispatch({ type: 'contact-begun', contactId: call.contactId, agentId });
  if (!begun.ok) return begun;
  ctx.calls.set(call.callId, call);
  onCall(ctx, call, () => callOwnTelephone(ctx, call, plan));
  return ok(undefined);
};

/** Another agent can be called only while free, and nobody calls the own extension. */
const mayReach = (ctx: CallContext, agentId: AgentId, goal: PersonGoal): Result<void> => {
  if (goal.kind !== 'agent') return ok(undefined);
  if (goal.agent.agentId === agentId) return fail('conflict', 'This is your own extension.');
  return canRing(ctx, goal.agent);
};

const mayCallOutside = (ctx: CallContext, agentId: AgentId, goal: PersonGoal): Result<void> => {
  if (goal.kind !== 'trunk' || !goal.outside) return ok(undefined);
  return ctx.fraud.mayCall({ account: accountOfAgent(agentId), number: goal.number });
};

/** Whom the far end is shown. */
const shownCaller = ({ agent, goal }: DialPlan): CallParty =>
  goal.kind === 'trunk' && goal.callerId !== undefined
    ? { number: goal.callerId }
    : { number: agent.extension, displayName: agent.displayName };

const createDialledCall = (ctx: CallContext, plan: DialPlan): Call => {
  const startedAtMs = ctx.clock.nowMs();
  const { goal, agent } = plan;
  const { agentId } = agent;
  const direction = goal.kind === 'trunk' && goal.callerId !== undefined ? 'outbound' : 'internal';
  const interaction = newInteraction({
    direction,
    startedAtMs,
    caller: { ...shownCaller(plan) },
    called: { number: plan.number },
    ...(goal.kind === 'trunk' ? { trunkId: asId<TrunkId>(goal.trunkId) } : {}),
    agentId,
  });
  const identity = {
    callId: newId<CallId>(),
    direction,
    number: plan.number,
    displayName: nameOfGoal(goal),
    dialledNumber: plan.number,
    startedAtMs,
    dialledBy: agentId,
  } as const;
  const call = new Call(identity, createLog(ctx, interaction), { kind: 'dialling', agentId });
  call.agentLeg = newAgentLeg(agentId);
  call.log.enter('ringing', { agentId });
  return call;
};

const callOwnTelephone = async (ctx: CallContext, call: Call, plan: DialPlan): Promise<void> => {
  const leg = call.agentLeg;
  if (!leg) return;
  const { agentId } = plan.agent;
  callChanged(ctx, call);
  const isBrowser = ctx.stations.of(agentId).kind === 'browser';
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg,
    from: { number: plan.number },
    ringTimeoutMs: isBrowser ? BROWSER_ANSWER_TIMEOUT_MS : STATION_ANSWER_TIMEOUT_MS,
    other: codecOf(ctx, plan),
    headers: isBrowser ? { 'X-Switchroom-Auto-Answer': 'yes' } : {},
  });
  if (!rung.ok) return endCall(ctx, call, { party: 'system', reason: 'media-unavailable', failed: true });
  whenAnswered(ctx, call, {
    outgoing: rung.value,
    party: 'agent',
    then: (dialog) => ownTelephoneAnswered(ctx, call, { plan, leg, dialog }),
  });
};

/** Continues with the dialog, or ends the call with the reason there is none. */
const whenAnswered = (
  ctx: CallContext,
  call: Call,
  wait: {
    outgoing: OutgoingCall;
    party: 'agent' | 'carrier' | 'called';
    then: (dialog: SipDialog) => Promise<void>;
  },
): void => {
  void wait.outgoing.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (answered.ok) {
        if (call.phase.kind === 'dialling') return wait.then(answered.value);
        // Not awaited: a telephone that does not answer the BYE must not hold up the call.
        return void answered.value.hangup();
      }
      // Somebody else has picked it up.
      if (![call.agentLeg, call.customer].some((leg) => leg?.outgoing === wait.outgoing)) return undefined;
      const ending = { party: wait.party, reason: reasonOf(answered.fault) };
      return wait.party === 'agent' ? endCall(ctx, call, ending) : farEndFailed(ctx, call, ending);
    }),
  );
};

/** The agent hears why, unless the far end has said so itself. */
const farEndFailed = async (ctx: CallContext, call: Call, ending: Ending): Promise<void> => {
  const { customer, agentLeg, colleague, phase } = call;
  const wasTold = colleague === undefined && (await hasToldItself(ctx, customer));
  if (wasTold || phase.kind !== 'dialling' || !agentLeg?.dialog || !customer) return endCall(ctx, call, ending);
  call.customer = undefined;
  call.playId = undefined;
  await closeEndpoint(ctx, customer.endpointId);
  if (colleague) callChanged(ctx, call, { agentId: colleague.agentId, state: 'ended', endReason: ending.reason });
  releaseColleague(ctx, call);
  const { endpointId } = agentLeg;
  await tellFailure(ctx, call, { endpointId, reason: ending.reason, after: { then: 'end', ending } });
};

const ownTelephoneAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { plan: DialPlan; leg: AgentLeg; dialog: SipDialog },
): Promise<void> => {
  const { plan, leg, dialog } = answer;
  adoptDialog(ctx, call, { leg, dialog });
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp))) {
    return endCall(ctx, call, { party: 'agent', reason: 'media-unavailable', failed: true });
  }
  const { goal } = plan;
  if (goal.kind === 'agent' && !engageColleague(ctx, call, goal.agent)) {
    return endCall(ctx, call, { party: 'called', reason: 'busy' });
  }
  await callPlanned(ctx, call, plan);
};

/** The agent's telephone has answered: whom the plan names is called. */
export const callPlanned = async (ctx: CallContext, call: Call, plan: DialPlan): Promise<void> => {
  const { goal } = plan;
  if (goal.kind === 'agent') return callColleague(ctx, call, { plan, agentId: goal.agent.agentId });
  const customer: Leg = { ...newLeg(), ...dtmfOfGoal(ctx, goal) };
  call.customer = customer;
  ctx.callsByEndpoint.set(customer.endpointId, call.callId);
  const media = mediaOfGoal(ctx, goal, { leg: customer, own: call.agentLeg?.codec });
  const opened = await ctx.media.openEndpoint(media);
  if (!opened.ok) return endCall(ctx, call, { party: 'system', reason: 'media-unavailable', failed: true });
  callFarEnd(ctx, call, { plan, customer, media, sdp: opened.value.sdp });
};

const callColleague = async (
  ctx: CallContext,
  call: Call,
  to: { readonly plan: DialPlan; readonly agentId: AgentId },
): Promise<void> => {
  const { plan, agentId } = to;
  const customer = newLeg();
  call.customer = customer;
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg: customer,
    from: shownCaller(plan),
    ringTimeoutMs: FAR_END_TIMEOUT_MS,
    other: call.agentLeg?.codec,
    onProgress: () => onCall(ctx, call, () => farEndRings(ctx, call, { customer, sdp: undefined })),
  });
  if (!rung.ok) return endCall(ctx, call, { party: 'system', reason: 'media-unavailable', failed: true });
  whenAnswered(ctx, call, {
    outgoing: rung.value,
    party: 'called',
    then: (dialog) => farEndAnswered(ctx, call, { customer, dialog }),
  });
};

/** The other agent's telephone rings: the ACD offers that agent nothing else, and the desk shows the call. */
const engageColleague = (ctx: CallContext, call: Call, { agentId }: DirectoryAgent): boolean => {
  const contactId = newId<ContactId>();
  if (!ctx.acd.dispatch({ type: 'contact-begun', contactId, agentId }).ok) return false;
  call.colleague = { agentId, contactId, muted: false };
  callChanged(ctx, call);
  return true;
};

/** What the called party will be offered first, so that the bridge need not transcode. */
const codecOf = (ctx: CallContext, { goal }: DialPlan): AudioCodec | undefined =>
  goal.kind === 'agent' ? undefined : codecsOfGoal(ctx, goal)[0];

const callFarEnd = (
  ctx: CallContext,
  call: Call,
  to: { plan: DialPlan; customer: Leg; media: OpenEndpoint; sdp: string },
): void => {
  const { plan, customer, media, sdp } = to;
  const { goal, agent } = plan;
  const own = call.agentLeg?.codec;
  const request = {
    target: targetOf(goal),
    from: shownCaller(plan),
    sdp,
    headers: headersOfGoal(call, goal),
    ...(goal.kind === 'trunk' && {
      offerFor: offerForTrunks(ctx, call, { leg: customer, own, trunkId: goal.trunkId, media, sdp }),
    }),
    ringTimeoutMs: FAR_END_TIMEOUT_MS,
  };
  customer.outgoing = placeLeg(ctx, call, {
    leg: customer,
    request,
    events: {
      onAttempt: ({ trunkId }) => call.log.update({ trunkId: asId<TrunkId>(trunkId) }),
      onProgress: (_status, sdp) => onCall(ctx, call, () => farEndRings(ctx, call, { customer, sdp })),
    },
    ...(goal.kind === 'trunk' &&
      goal.outside && { outside: { account: accountOfAgent(agent.agentId), number: goal.number } }),
  });
  whenAnswered(ctx, call, {
    outgoing: customer.outgoing,
    party: goal.kind === 'trunk' ? 'carrier' : 'called',
    then: (dialog) => farEndAnswered(ctx, call, { customer, dialog }),
  });
};

/** The agent, who has answered already, hears that it rings: what the far end sends, or else a tone of ours. */
const farEndRings = async (
  ctx: CallContext,
  call: Call,
  rings: { customer: Leg; sdp: string | undefined },
): Promise<void> => {
  const { customer, sdp } = rings;
  if (sdp !== undefined) await earlyMedia(ctx, call, { customer, sdp });
  // A browser sends its SDP while it rings, and no sound.
  const hearsIt = call.colleague === undefined && customer.codec !== undefined;
  if (call.phase.kind !== 'dialling' || !call.agentLeg || hearsIt || call.playId !== undefined) return;
  call.playId = await playRingBack(ctx, call, call.agentLeg.endpointId);
};

/** The far end's ringing tone or announcement comes as sound: the agent hears it. */
const earlyMedia = async (ctx: CallContext, call: Call, early: { customer: Leg; sdp: string }): Promise<void> => {
  if (call.phase.kind !== 'dialling' || !call.agentLeg) return;
  if (await acceptFarSdp(ctx, early.customer, early.sdp)) {
    await join(ctx, call, [early.customer.endpointId, call.agentLeg.endpointId]);
    await hearEarlySound(ctx, call, early.customer);
  }
};

const acceptFarSdp = async (ctx: CallContext, leg: Leg, sdp: string): Promise<boolean> => {
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, sdp);
  if (accepted.ok) leg.codec = accepted.value.codec;
  return accepted.ok;
};

const farEndAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { customer: Leg; dialog: SipDialog },
): Promise<void> => {
  const { customer, dialog } = answer;
  adoptDialog(ctx, call, { leg: customer, dialog });
  // A browser's SDP came while it rang, that of a number outside when somebody was asked to take the call.
  const known = call.colleague !== undefined && customer.codec !== undefined;
  if (!known && !(await acceptFarSdp(ctx, customer, dialog.remoteSdp))) {
    return endCall(ctx, call, { party: 'carrier', reason: 'no-common-codec', failed: true });
  }
  await farEndIsThere(ctx, call);
};

/** The dialled party has its dialog: both are joined. */
export const farEndIsThere = async (ctx: CallContext, call: Call): Promise<void> => {
  const agentId = call.agentLeg?.agentId;
  if (agentId === undefined) return;
  call.playId = undefined;
  customerReached(ctx, call);
  call.moveTo({ kind: 'talking', agentId });
  call.log.update({ answeredAtMs: ctx.clock.nowMs() });
  call.log.join('caller', call.identity.number);
  // From the moment of the answer on, since a machine's greeting has begun.
  listenInTalk(ctx, call);
  await joinParties(ctx, call);
};
