/** Agents, calls and queues as the desks show them. */
import type { AgentId } from '../base/ids';
import type { Agent } from '../acd/core/model';
import { coversSkills } from '../acd/core/skills';
import { alsoRingsAt } from './also-ringing';
import { autoAnswerMs } from './answer-mode';
import type { AgentLeg, Call } from './call';
import { consultView } from './consult-view';
import type { CallContext } from './context';
import type { RecordingRight } from '../store/recording-policies';
import { ruleOf } from './recording-terms';
import { partiesView } from './parties-view';
import type { DeskAgent, DeskCall, DeskQueue } from './ports';
import { teamCall } from './supervision-view';

export const deskAgent = (ctx: CallContext, agentId: AgentId): DeskAgent | undefined => {
  const agent = ctx.acd.state.agents.get(agentId);
  const entry = ctx.directory.agent(agentId);
  if (!agent || !entry) return undefined;
  const { status } = agent;
  return {
    agentId,
    displayName: entry.displayName,
    displayNameZh: entry.displayNameZh,
    extension: entry.extension,
    state: status.kind,
    notReadyReason: status.kind === 'not-ready' ? status.reason : undefined,
    next: nextOf(agent),
    sinceMs: agent.sinceMs,
    deviceRegistered: agent.deviceRegistered,
    station: ctx.stations.of(agentId),
    stations: ctx.stations.allowedTo(agentId),
    wrapUpUntilMs: status.kind === 'wrap-up' ? status.untilMs : undefined,
    ...(agent.locked && { locked: true }),
  };
};

const nextOf = ({ engagements, intent }: Agent): DeskAgent['next'] => {
  if (engagements.length === 0) return undefined;
  return intent.kind === 'not-ready' ? { state: intent.kind, reason: intent.reason } : { state: intent.kind };
};

/** The call of an agent, open or in wrap-up. */
export const callOfAgent = (ctx: CallContext, agentId: AgentId): Call | undefined => {
  for (const call of ctx.calls.values()) if (agentsOf(call).includes(agentId)) return call;
  return ctx.wrapUps.get(agentId);
};

/** The agents who have the call at their desks: who talks with the customer, who is asked, and the other of two agents. */
export const agentsOf = ({ agentLeg, third, colleague, guests, alsoRinging }: Call): readonly AgentId[] =>
  [
    ...[agentLeg?.agentId, third?.agentId, colleague?.agentId],
    ...guests.map(({ agentId }) => agentId),
    ...alsoRinging.map(({ leg }) => leg.agentId),
  ].filter((agentId) => agentId !== undefined);

const callState = (ctx: CallContext, call: Call, agentId: AgentId): DeskCall['state'] => {
  if (ctx.wrapUps.get(agentId) === call) return 'wrap-up';
  if (call.phase.kind !== 'ended' && call.third?.agentId === agentId) return THIRD_STATES[call.third.state.kind];
  if (call.phase.kind !== 'ended' && isGuest(call, agentId)) return 'connected';
  if (call.phase.kind !== 'ended' && alsoRingsAt(call, agentId)) return 'ringing';
  switch (call.phase.kind) {
    case 'flow':
      // An agent who goes to a conference is asked for the PIN.
      return isColleague(call, agentId) && call.customer?.dialog ? 'connected' : 'ringing';
    case 'queued':
    case 'ringing':
    case 'dialling':
    case 'transferring':
    case 'alerting':
    case 'failing':
      return 'ringing';
    case 'talking':
    case 'forwarded':
    case 'conference':
      return 'connected';
    case 'held':
    case 'consulting':
      return call.phase.kind;
    case 'reanswer':
      return call.phase.waitingFor === 'agent' && call.agentLeg?.outgoing ? 'ringing' : 'held';
    case 'ended':
      return 'ended';
  }
};

const THIRD_STATES = { waiting: 'ringing', ringing: 'ringing', talking: 'connected', held: 'held' } as const;

/** The call as this agent sees it. */
export const deskCall = (ctx: CallContext, call: Call, agentId: AgentId): DeskCall => {
  const { queueId } = call;
  const identity = identityFor(ctx, call, agentId);
  const { interaction } = call.log;
  const queue = queueId === undefined ? undefined : ctx.directory.queue(queueId);
  return {
    callId: call.callId,
    interactionId: interaction._id,
    direction: identity.direction,
    state: callState(ctx, call, agentId),
    number: isColleague(call, agentId) ? identity.number : (call.replacedBy ?? identity.number),
    displayName: identity.displayName,
    displayNameZh: call.identity.direction === 'internal' ? nameZhOf(ctx, identity.number) : undefined,
    dialledNumber: identity.dialledNumber,
    queueId,
    queueName: queue?.name,
    queueNameZh: queue?.nameZh,
    digits: [...interaction.digits],
    language: interaction.language,
    waitedMs: waitedMs(call),
    startedAtMs: identity.startedAtMs,
    answeredAtMs: call.connectedAtMs,
    endedAtMs: interaction.endedAtMs,
    station: (isColleague(call, agentId) ? call.customer : legOf(call, agentId))?.station,
    muted: (isColleague(call, agentId) ? call.colleague : legOf(call, agentId))?.muted ?? false,
    recording: call.recording !== undefined,
    recordingState: recordingFor(call, agentId),
    endReason: interaction.outcome?.reason,
    dialFailure: dialFailureOf(call, agentId),
    autoAnswerMs: call.agentLeg?.agentId === agentId ? autoAnswerMs(ctx, call) : undefined,
    customerHolds: call.customerHolds,
    heard: heardFor(call),
    left: leftOf(call),
    callback: callbackOf(call),
    supervised: ctx.agentsSeeSupervision ? call.supervisors.some(({ isThere }) => isThere) : undefined,
    parties: partiesView(ctx, call, agentId),
    ...consultView(ctx, call, agentId),
  };
};

/** Why whom the agent dialled was not reached: while a tone says so, and when the call is over. */
const dialFailureOf = (
  { phase, identity, connectedAtMs, log, callback }: Call,
  viewer: AgentId,
): string | undefined => {
  if (identity.dialledBy !== viewer && !callback) return undefined;
  if (phase.kind === 'failing') return phase.after.then === 'end' ? phase.after.ending.reason : undefined;
  const { outcome } = log.interaction;
  const isOther = outcome?.party === 'carrier' || outcome?.party === 'called';
  return phase.kind === 'ended' && connectedAtMs === undefined && isOther ? outcome.reason : undefined;
};

/** Not of a customer's side that another one has taken the place of. */
const heardFor = ({ heard, customer }: Call): DeskCall['heard'] => {
  if (!heard || heard.endpointId !== customer?.endpointId) return undefined;
  const { what, atMs, awaitsMessage } = heard;
  return { what, atMs, ...(awaitsMessage && { awaitsMessage }) };
};

/** Only who has the customer may do something about the recording. */
const recordingFor = (call: Call, agentId: AgentId): DeskCall['recordingState'] =>
  recordingView(call, call.agentLeg?.agentId === agentId ? ruleOf(call).agentMay : []);

/** @param may what the viewer may do. */
export const recordingView = (call: Call, may: readonly RecordingRight[]): DeskCall['recordingState'] => {
  const { recordingMask: mask, recording, phase } = call;
  if (phase.kind === 'ended') return undefined;
  const recorded = recording !== undefined;
  if (!mask) return { state: recorded ? 'on' : 'off', recorded, may: [...may] };
  const { kind, untilMs, keys } = mask;
  return { state: kind, recorded, untilMs, may: [...may], ...(kind === 'masked' && { keys }) };
};

const isGuest = ({ guests }: Call, agentId: AgentId): boolean => guests.some((guest) => guest.agentId === agentId);

const leftOf = ({ phase }: Call): DeskCall['left'] =>
  phase.kind === 'reanswer' ? { party: phase.waitingFor, untilMs: phase.untilMs } : undefined;

const legOf = ({ agentLeg, third, guests, alsoRinging }: Call, agentId: AgentId): AgentLeg | undefined =>
  [...[agentLeg, third?.agentLeg], ...guests.map((guest) => guest.agentLeg), ...alsoRinging.map(({ leg }) => leg)].find(
    (leg) => leg?.agentId === agentId,
  );

const isColleague = ({ colleague }: Call, viewer: AgentId): boolean =>
  colleague !== undefined && colleague.agentId === viewer;

const callbackOf = ({ callback }: Call): DeskCall['callback'] => {
  if (!callback) return undefined;
  const { attempt, arrivedAtMs, accepted } = callback;
  return { attempt, arrivedAtMs, accepted };
};

type ShownIdentity = Pick<DeskCall, 'direction' | 'number' | 'displayName' | 'dialledNumber' | 'startedAtMs'>;

const identityFor = (ctx: CallContext, call: Call, viewer: AgentId): ShownIdentity => {
  const { identity, agentLeg } = call;
  const room = roomOf(ctx, call);
  if (isColleague(call, viewer) && room) return { ...identity, ...room };
  if (isColleague(call, viewer)) {
    const caller = agentLeg && ctx.directory.agent(agentLeg.agentId);
    return { ...identity, number: caller?.extension ?? identity.number, displayName: caller?.displayName };
  }
  // Whoever dialled sees an outgoing call, also when it stays in the house.
  return identity.dialledBy === viewer ? { ...identity, direction: 'outbound' } : identity;
};

/** The conference room that an agent has dialled, or is invited to. */
const roomOf = (ctx: CallContext, { conferenceRoomId }: Call): Partial<ShownIdentity> | undefined => {
  const room = conferenceRoomId === undefined ? undefined : ctx.directory.conferenceRoom?.(conferenceRoomId);
  return room && { number: room.numbers[0] ?? room._id, displayName: room.name };
};

/** Of a colleague or a desk phone. */
const nameZhOf = (ctx: CallContext, number: string): string | undefined => {
  const extension = ctx.directory.extension(number);
  if (extension?.kind === 'agent') return extension.agent.displayNameZh;
  return extension?.kind === 'phone' ? extension.phone.displayNameZh : undefined;
};

/** From entering the queue to the first ring at this agent. */
const waitedMs = (call: Call): number | undefined => {
  const rang = call.log.interaction.segments.findLast((segment) => segment.kind === 'ringing');
  return call.queuedAtMs === undefined || !rang ? undefined : rang.startedAtMs - call.queuedAtMs;
};

export const deskQueues = (ctx: CallContext): DeskQueue[] =>
  ctx.directory.queues().map(({ queueId, name, nameZh }) => {
    const waiting = [...ctx.acd.state.contacts.values()].filter(
      (contact) => contact.queueId === queueId && contact.status.kind !== 'connected',
    );
    const config = ctx.acd.state.queues.get(queueId);
    const agents = [...ctx.acd.state.agents.values()].filter(
      (agent) => config && coversSkills(agent.skills, config.skills),
    );
    const oldest = waiting.reduce<number | undefined>(
      (soFar, { arrivedAtMs }) => (soFar === undefined || arrivedAtMs < soFar ? arrivedAtMs : soFar),
      undefined,
    );
    return {
      queueId,
      name,
      nameZh,
      waiting: waiting.length,
      oldestWaitingSinceMs: oldest,
      agentsReady: agents.filter(({ status, deviceRegistered }) => status.kind === 'ready' && deviceRegistered).length,
      agentsBusy: agents.filter(({ status }) => ['offered', 'busy', 'wrap-up'].includes(status.kind)).length,
      agentsSignedIn: agents.filter(({ status }) => status.kind !== 'signed-out').length,
      figures: ctx.queueFigures.shown(queueId),
      ...(config?.open === false && { closed: true }),
    };
  });

/** Tells the agents of this call that it has changed; `override` for an agent who has just been taken off it. */
export const callChanged = (
  ctx: CallContext,
  call: Call,
  override?: Partial<DeskCall> & { readonly agentId: AgentId },
): void => {
  ctx.quality.wake();
  for (const agentId of override ? [override.agentId] : agentsOf(call)) {
    const view = { ...deskCall(ctx, call, agentId), ...withoutAgent(override) };
    ctx.events.emit('desk', { type: 'call', agentId, call: view, team: teamCall(call, agentId, view) });
  }
};

const withoutAgent = (override: (Partial<DeskCall> & { agentId: AgentId }) | undefined): Partial<DeskCall> => {
  if (!override) return {};
  const { agentId: _agentId, ...rest } = override;
  return rest;
};
