/**
 * Who gets whom. All pairs of a waiting contact and an agent who may have it stand in one total order:
 *
 * 1. the higher score (all weighted scores of the pair, in milliseconds of waiting);
 * 2. the contact that arrived first;
 * 3. for one contact, the agent whom the queue's strategy ranks first, then the longest idle, then by id.
 *
 * The first pair is offered, then the first of those that are left, until none is left. After a step no pair is left,
 * so at the next step only those who have changed since can be part of one, and only their best pairs are looked at.
 */
import { byPreference, freeAgentOf } from './index/lane';
import type { FreeAgent, Lane } from './index/lane';
import { isFreeFor } from './agents';
import type { Agent, Contact, Queue } from './model';
import { awaitedAgent, queueOf } from './waiting';
import type { Work } from './work';

export interface Pair {
  readonly contact: Contact;
  readonly agent: Agent;
  readonly score: number;
}

/** The first pair of the order, or undefined when nobody waits for whom an agent is free. */
export const bestPair = (work: Work): Pair | undefined => {
  let best: Pair | undefined;
  for (let place = work.freed.length - 1; place >= 0; place -= 1) {
    const pair = bestForAgent(work, work.freed[place] as Agent);
    if (!pair) work.freed.splice(place, 1);
    else if (!best || comesBefore(pair, best)) best = pair;
  }
  for (let place = work.placed.length - 1; place >= 0; place -= 1) {
    const contact = work.placed[place] as Contact;
    const pair = contact.status.kind === 'waiting' ? bestForContact(work, contact) : undefined;
    if (!pair) work.placed.splice(place, 1);
    else if (!best || comesBefore(pair, best)) best = pair;
  }
  return best;
};

const comesBefore = (a: Pair, b: Pair): boolean => {
  if (a.score !== b.score) return a.score > b.score;
  if (a.contact !== b.contact) return a.contact.arrival < b.contact.arrival;
  const { lane } = a.contact;
  return (
    lane !== undefined && a.agent !== b.agent && byRank(freeAgentOf(lane, a.agent), freeAgentOf(lane, b.agent)) < 0
  );
};

/** The strategy's order alone: where scores are equal, whatever they are made of. */
const byRank = (a: FreeAgent, b: FreeAgent): number => byPreference({ ...a, score: 0 }, { ...b, score: 0 });

/** The best agent for a waiting contact: the first of its lane, or the one it knows. */
export const bestForContact = (work: Work, contact: Contact): Pair | undefined => {
  const awaited = awaitedAgent(work, contact);
  if (awaited) return isFreeFor(awaited, contact.channel) ? pairOf(work, contact, awaited) : undefined;
  return contact.lane && bestInLane(work, contact, contact.lane);
};

export const bestInLane = (work: Work, contact: Contact, lane: Lane): Pair | undefined => {
  const first = lane.free.items.find(({ agent }) => !ringsAt(contact, agent));
  if (!first) return undefined;
  const pair = pairInLane(work, contact, { lane, free: first });
  const knownId = contact.attributes.preferredAgentId;
  if (knownId === undefined || knownId === first.agent.agentId) return pair;
  const known = work.state.agents.get(knownId);
  if (!known?.listedFor.includes(lane.channel) || !known.lanes.includes(lane) || ringsAt(contact, known)) return pair;
  const other = pairInLane(work, contact, { lane, free: freeAgentOf(lane, known) });
  if (other.score !== pair.score) return other.score > pair.score ? other : pair;
  return byRank(freeAgentOf(lane, known), first) < 0 ? other : pair;
};

/** One who can have several contacts at once may still be free while this one rings there. */
const ringsAt = (contact: Contact, agent: Agent): boolean =>
  contact.status.kind === 'offered' && contact.status.offers.some(({ agentId }) => agentId === agent.agentId);

/** The best contact for a free agent: the first of a lane, or one that knows the agent. */
const bestForAgent = (work: Work, agent: Agent): Pair | undefined => {
  let best: Pair | undefined;
  const consider = (pair: Pair): void => {
    if (!best || comesBefore(pair, best)) best = pair;
  };
  if (agent.listedFor.length === 0) return undefined;
  for (const lane of agent.lanes) {
    const { first } = lane.waiting;
    if (!first || !agent.listedFor.includes(lane.channel)) continue;
    consider(pairInLane(work, first, { lane, free: freeAgentOf(lane, agent) }));
  }
  for (const contact of agent.knownBy) {
    if (!agent.listedFor.includes(contact.channel)) continue;
    if (contact.lane === undefined || agent.lanes.includes(contact.lane)) consider(pairOf(work, contact, agent));
  }
  return best;
};

const pairInLane = (work: Work, contact: Contact, of: { lane: Lane; free: FreeAgent }): Pair => {
  const { plan } = of.lane.queue;
  const { agent } = of.free;
  let score = contact.baseScore + of.free.score + (plan.contactSlope + plan.agentSlope) * work.nowMs;
  for (const term of plan.pairTerms) score += term.weight * term.score.of(contact, agent);
  return { contact, agent, score };
};

export const pairOf = (work: Work, contact: Contact, agent: Agent): Pair => {
  const terms = termsOf(queueOf(work, contact), { contact, agent, nowMs: work.nowMs });
  return { contact, agent, score: terms.reduce((sum, term) => sum + term.points, 0) };
};

/** One part of a pair's score: `points` = `weight` × `value`. */
export interface Term {
  readonly score: string;
  readonly value: number;
  readonly weight: number;
  readonly points: number;
}

/** A pair's score, term by term. */
export const termsOf = (queue: Queue, of: { contact: Contact; agent: Agent; nowMs: number }): Term[] => {
  const { contact, agent, nowMs } = of;
  const { plan } = queue;
  const needs = { wanted: { ...queue.skills, ...contact.attributes.skills }, site: contact.attributes.site };
  const term = (score: string, value: number, weight: number): Term => ({
    score,
    value,
    weight,
    points: weight * value,
  });
  return [
    ...plan.contactTerms.map(({ score, weight }) => term(score.name, score.of(contact, nowMs), weight)),
    ...plan.agentTerms.map(({ score, weight }) => term(score.name, score.of(agent, nowMs), weight)),
    ...plan.fitTerms.map(({ score, weight }) => term(score.name, score.of(needs, agent), weight)),
    ...plan.pairTerms.map(({ score, weight }) => term(score.name, score.of(contact, agent), weight)),
  ];
};
