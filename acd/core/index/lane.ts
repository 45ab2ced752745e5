/**
 * A lane holds those contacts of one queue that need exactly the same: skills, channel and, where it matters, site. In
 * it any waiting contact may go to any free agent, so that its first contact and its first agent are its best pair.
 */
import type { Channel, SkillLevels } from '../config';
import { entriesOf } from '../skills';
import type { SkillEntry } from '../skills';
import type { Agent, AcdState, Contact, Mutable, Queue } from '../model';
import type { Needs } from '../scores/score';
import { isSameTenant } from '../tenant';
import { SortedList } from './sorted-list';

/** A free agent in a lane, with what the order among agents is made of. */
export interface FreeAgent {
  readonly agent: Agent;
  /** The agent's part of the score, at time 0. */
  readonly score: number;
  readonly rank: number;
}

export interface Lane extends Needs {
  readonly key: string;
  readonly queue: Queue;
  readonly channel: Channel;
  readonly required: readonly SkillEntry[];
  readonly waiting: SortedList<Contact>;
  readonly free: SortedList<FreeAgent>;
}

/** Lanes of a queue beyond which unused ones are given up. */
const MOST_UNUSED_LANES = 64;

export const byUrgency = (a: Contact, b: Contact): number => b.baseScore - a.baseScore || a.arrival - b.arrival;

export const byPreference = (a: FreeAgent, b: FreeAgent): number =>
  b.score - a.score ||
  a.rank - b.rank ||
  a.agent.idleSinceMs - b.agent.idleSinceMs ||
  (a.agent.agentId < b.agent.agentId ? -1 : a.agent.agentId > b.agent.agentId ? 1 : 0);

export const covers = (state: AcdState, agent: Agent, required: readonly SkillEntry[]): boolean => {
  for (const [skill, level] of required) {
    if (level > 0 && (state.holders.get(skill)?.get(agent) ?? 0) < level) return false;
  }
  return true;
};

/** The place of an agent among the free ones of a lane; does not change while the agent is free. */
export const freeAgentOf = (lane: Lane, agent: Agent): FreeAgent => {
  const { plan } = lane.queue;
  let score = 0;
  for (const term of plan.agentTerms) score += term.weight * term.score.of(agent, 0);
  for (const term of plan.fitTerms) score += term.weight * term.score.of(lane, agent);
  return { agent, score, rank: plan.strategy.rank(agent, lane.queue, lane.wanted) };
};

/** The lane for a contact in a ring of its queue; made when there is none. */
export const laneFor = (state: AcdState, queue: Queue, of: { contact: Contact; ring: number }): Lane => {
  const { attributes, channel } = of.contact;
  const own = attributes.skills ? entriesOf(attributes.skills) : [];
  const site = queue.plan.bySite ? attributes.site : undefined;
  const plain = own.length === 0 && site === undefined;
  const key = plain ? `${of.ring} ${channel}` : JSON.stringify([of.ring, channel, site ?? null, own]);
  return queue.lanes.get(key) ?? makeLane(state, queue, { ...of, key, site });
};

const makeLane = (
  state: AcdState,
  queue: Queue,
  of: { contact: Contact; ring: number; key: string; site: string | undefined },
): Lane => {
  if (queue.lanes.size >= MOST_UNUSED_LANES) dropUnused(state, queue);
  const { contact, key, site } = of;
  const own = contact.attributes.skills ?? {};
  const lane: Lane = {
    key,
    queue,
    channel: contact.channel,
    site,
    wanted: { ...queue.skills, ...own },
    required: entriesOf(queue.plan.rings[of.ring]?.skills ?? queue.skills, own),
    waiting: new SortedList(byUrgency),
    free: new SortedList(byPreference),
  };
  queue.lanes.set(key, lane);
  const free: FreeAgent[] = [];
  for (const agent of candidatesFor(state, lane)) {
    if (!isFor(state, lane, agent)) continue;
    agent.lanes.push(lane);
    if (agent.listedFor.includes(lane.channel)) free.push(freeAgentOf(lane, agent));
  }
  lane.free.fill(free);
  return lane;
};

/** Whether the agent may have the lane's contacts at all. */
const isFor = (state: AcdState, lane: Lane, agent: Agent): boolean =>
  isSameTenant(lane.queue, agent) && covers(state, agent, lane.required);

/** Those among whom all agents of the lane are: the holders of its rarest skill, or everybody when it needs none. */
const candidatesFor = (state: AcdState, lane: Lane): Iterable<Agent> => {
  let fewest: ReadonlyMap<Agent, number> | undefined;
  for (const [skill, level] of lane.required) {
    if (level === 0) continue;
    const holders = state.holders.get(skill) ?? NOBODY;
    if (!fewest || holders.size < fewest.size) fewest = holders;
  }
  return fewest?.keys() ?? state.agents.values();
};

const NOBODY: ReadonlyMap<Agent, number> = new Map();

/** Keeps the index of skills when an agent's skills change; none before the first configuration. */
export const holdSkills = (state: AcdState, agent: Agent, before: SkillLevels): void => {
  for (const skill of Object.keys(before)) state.holders.get(skill)?.delete(agent);
  for (const [skill, level] of Object.entries(agent.skills)) {
    if (level <= 0) continue;
    const holders = state.holders.get(skill);
    if (holders) holders.set(agent, level);
    else state.holders.set(skill, new Map([[agent, level]]));
  }
};

/** The agent becomes one of those whom the lane may use, and is free in it as in other lanes. */
export const joinLane = (state: AcdState, lane: Lane, agent: Agent): void => {
  if (!isFor(state, lane, agent)) return;
  agent.lanes.push(lane);
  if (agent.listedFor.includes(lane.channel)) lane.free.add(freeAgentOf(lane, agent));
};

export const dropLane = (state: AcdState, lane: Lane): void => {
  lane.queue.lanes.delete(lane.key);
  for (const agent of state.agents.values()) {
    const place = agent.lanes.indexOf(lane);
    if (place >= 0) agent.lanes.splice(place, 1);
  }
};

const dropUnused = (state: AcdState, queue: Queue): void => {
  const unused = new Set([...queue.lanes.values()].filter((lane) => lane.waiting.size === 0));
  for (const lane of unused) queue.lanes.delete(lane.key);
  for (const agent of state.agents.values()) {
    (agent as Mutable<Agent>).lanes = agent.lanes.filter((lane) => !unused.has(lane));
  }
};
