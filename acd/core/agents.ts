/** The agent's machine: the only place that changes an agent, and keeps its status and its place in the lanes true. */
import { InvariantError } from '../../base/errors';
import type { AgentId, ContactId } from '../../base/ids';
import { CHANNELS } from './config';
import type { AgentConfig, Channel } from './config';
import { freeAgentOf, holdSkills, joinLane } from './index/lane';
import type { Agent, AgentStatus, Engagement, Intent, Mutable } from './model';
import { highestSkill } from './skills';
import { isSameTenant } from './tenant';
import { replaceContact } from './waiting';
import type { Work } from './work';

type Kind = AgentStatus['kind'];

/** Every move that is legal; anything else is a bug of the core. */
const MOVES: Readonly<Record<Kind, readonly Kind[]>> = {
  'signed-out': ['signed-out', 'not-ready'],
  'not-ready': ['signed-out', 'not-ready', 'ready', 'busy'],
  ready: ['ready', 'signed-out', 'not-ready', 'offered', 'busy'],
  offered: ['offered', 'ready', 'not-ready', 'busy', 'wrap-up', 'signed-out'],
  busy: ['busy', 'wrap-up', 'offered', 'ready', 'not-ready', 'signed-out'],
  'wrap-up': ['wrap-up', 'ready', 'not-ready', 'busy', 'offered', 'signed-out'],
};

const NO_CHANNELS: readonly Channel[] = [];

/** Whether one more contact of a channel may be offered to the agent now. */
export const isFreeFor = (agent: Agent, channel: Channel): boolean => {
  if (agent.intent.kind !== 'ready' || !agent.deviceRegistered) return false;
  let load = 0;
  for (const engagement of agent.engagements) {
    if (engagement.channel === channel) load += 1;
    else if (!agent.interrupts?.[channel]?.includes(engagement.channel)) return false;
  }
  return load < (agent.capacity[channel] ?? 0);
};

/** Changes an agent in place, refusing illegal moves of the status, and reports the change. */
export const changeAgent = (work: Work, agent: Agent, change: (agent: Mutable<Agent>) => void): void => {
  const changing: Mutable<Agent> = agent;
  const intent = agent.intent.kind;
  unlist(agent);
  change(changing);
  measure(work, changing);
  const status = statusOf(agent);
  const from = agent.status;
  if (!MOVES[from.kind].includes(status.kind)) {
    throw new InvariantError(`agent ${agent.agentId} cannot go from ${from.kind} to ${status.kind}`);
  }
  if (!sameStatus(from, status)) {
    changing.status = status;
    changing.sinceMs = work.nowMs;
  }
  list(work, changing);
  work.effects.push({ type: 'agent-changed', agentId: agent.agentId });
  // Who waits for an agent they know stops doing so when that agent is leaving, and begins when the agent is back.
  if (intent !== agent.intent.kind && agent.knownBy.size > 0) {
    for (const contact of [...agent.knownBy]) replaceContact(work, contact);
  }
};

const sameStatus = (a: AgentStatus, b: AgentStatus): boolean => {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'not-ready') return b.kind === 'not-ready' && a.reason === b.reason;
  return a.kind === 'ready' || a.kind === 'signed-out';
};

const statusOf = (agent: Agent): AgentStatus => {
  let shown: Engagement | undefined;
  for (const engagement of agent.engagements) {
    if (!shown || ENGAGING[engagement.kind] > ENGAGING[shown.kind]) shown = engagement;
  }
  if (!shown) return agent.intent;
  const { contactId } = shown;
  if (shown.kind === 'connected') return { kind: 'busy', contactId };
  if (shown.kind === 'offered') return { kind: 'offered', contactId, offerId: shown.offerId };
  return { kind: 'wrap-up', contactId, untilMs: shown.untilMs };
};

const ENGAGING: Readonly<Record<Engagement['kind'], number>> = { connected: 3, offered: 2, 'wrap-up': 1 };

/** Keeps the time with contacts; the occupancy stands still while the agent is free, so that the order does, too. */
const measure = (work: Work, agent: Mutable<Agent>): void => {
  const busy = agent.engagements.length > 0;
  if (busy && agent.busySinceMs === undefined) agent.busySinceMs = work.nowMs;
  if (busy || agent.busySinceMs === undefined) return;
  agent.busyMs += work.nowMs - agent.busySinceMs;
  agent.busySinceMs = undefined;
  const signedInMs = work.nowMs - agent.signedInAtMs;
  agent.occupancyPermille = signedInMs > 0 ? Math.min(1000, Math.floor((1000 * agent.busyMs) / signedInMs)) : 0;
};

const unlist = (agent: Mutable<Agent>): void => {
  if (agent.listedFor.length === 0) return;
  for (const lane of agent.lanes) {
    if (agent.listedFor.includes(lane.channel) && !lane.free.remove(freeAgentOf(lane, agent))) {
      throw new InvariantError(`agent ${agent.agentId} is not in the lane ${lane.key} of ${lane.queue.queueId}`);
    }
  }
  agent.listedFor = NO_CHANNELS;
};

const list = (work: Work, agent: Mutable<Agent>): void => {
  if (agent.intent.kind !== 'ready' || !agent.deviceRegistered) return;
  const free = agent.channels.filter((channel) => isFreeFor(agent, channel));
  const channels = free.length === agent.channels.length ? agent.channels : free;
  if (channels.length === 0) return;
  agent.listedFor = channels;
  for (const lane of agent.lanes) if (channels.includes(lane.channel)) lane.free.add(freeAgentOf(lane, agent));
  if (!work.freed.includes(agent)) work.freed.push(agent);
};

/** Puts an agent of a restored state into the lanes. */
export const relist = (work: Work, agent: Agent): void => {
  unlist(agent);
  list(work, agent);
};

export const setIntent = (work: Work, agent: Agent, intent: Intent): void =>
  changeAgent(work, agent, (changing) => {
    changing.intent = intent;
  });

/** Takes a contact off an agent. */
export const release = (agent: Mutable<Agent>, contactId: ContactId): void => {
  const { engagements } = agent;
  // Most have only this one, or it is the latest.
  if (engagements.at(-1)?.contactId === contactId) {
    engagements.pop();
    return;
  }
  const place = engagements.findIndex((engagement) => engagement.contactId === contactId);
  if (place >= 0) engagements.splice(place, 1);
};

/** Puts an engagement in the place of the one that the agent has with the same contact, or beside the others. */
export const engage = (agent: Mutable<Agent>, engagement: Engagement): void => {
  release(agent, engagement.contactId);
  agent.engagements.push(engagement);
};

/** Channels in which there is any capacity, in their fixed order. */
export const channelsOf = (capacity: Agent['capacity']): Channel[] =>
  CHANNELS.filter((channel) => (capacity[channel] ?? 0) > 0);

const ONE_CALL = { voice: 1 } as const;

/** @returns why the agent stays another tenant's: contacts of that tenant are not over. */
export const configureAgent = (work: Work, config: AgentConfig): string | undefined => {
  const { state, nowMs } = work;
  const capacity = config.capacity ?? ONE_CALL;
  const settings = {
    ...config,
    channels: channelsOf(capacity),
    mainSkill: config.mainSkill ?? highestSkill(config.skills),
    grade: config.grade ?? 0,
    capacity,
  };
  const known = state.agents.get(config.agentId);
  const moves = known !== undefined && !isSameTenant(known, config);
  if (moves && known.engagements.length > 0)
    return `agent ${config.agentId} still has contacts and cannot become another tenant's`;
  const agent = known ?? newAgent(settings, nowMs);
  const join = (): void => {
    for (const queue of state.queues.values()) for (const lane of queue.lanes.values()) joinLane(state, lane, agent);
  };
  if (known) {
    changeAgent(work, known, (changing) => {
      const before = known.skills;
      Object.assign(changing, CLEARED, settings);
      holdSkills(state, agent, before);
      changing.lanes = [];
      join();
    });
    // Nobody waits for an agent of another tenant.
    if (moves) for (const contact of [...known.knownBy]) replaceContact(work, contact);
  } else {
    state.agents.set(config.agentId, agent);
    holdSkills(state, agent, {});
    join();
  }
  return undefined;
};

/** What may be absent from a configuration, so that it is gone when the new one does not have it. */
const CLEARED = { teams: undefined, site: undefined, interrupts: undefined, tenant: undefined };

/**
 * An agent in the state before anything is done with it. Fields are named one by one: objects made by spreading differ
 * in their hidden classes, which makes every access to an agent several times slower.
 */
export const newAgent = (
  settings: AgentConfig & Pick<Agent, 'mainSkill' | 'grade' | 'capacity'>,
  nowMs: number,
): Mutable<Agent> => ({
  agentId: settings.agentId,
  skills: settings.skills,
  mainSkill: settings.mainSkill,
  grade: settings.grade,
  teams: settings.teams,
  site: settings.site,
  capacity: settings.capacity,
  interrupts: settings.interrupts,
  tenant: settings.tenant,
  status: { kind: 'signed-out' },
  sinceMs: nowMs,
  intent: { kind: 'signed-out' },
  locked: false,
  deviceRegistered: false,
  engagements: [],
  idleSinceMs: nowMs,
  signedInAtMs: nowMs,
  handled: 0,
  busyMs: 0,
  busySinceMs: undefined,
  occupancyPermille: 0,
  channels: channelsOf(settings.capacity),
  lanes: [],
  listedFor: NO_CHANNELS,
  knownBy: new Set(),
});

export const agentOf = (work: Work, agentId: AgentId): Agent => {
  const agent = work.state.agents.get(agentId);
  if (!agent) throw new InvariantError(`agent ${agentId} is not configured`);
  return agent;
};
