/** Why a decision was made: recomputed from the journal, with every candidate, every term and every reason against. */
import { createHash } from 'node:crypto';
import type { AgentId, ContactId, QueueId } from '../../base/ids';
import { isFreeFor } from './agents';
import type { AcdEvent } from './events';
import { freeAgentOf } from './index/lane';
import { termsOf } from './match';
import type { Term } from './match';
import type { AcdRules, AcdState, Agent, Contact, Decision, NotReadyReason, Queue } from './model';
import { entriesOf } from './skills';
import { restoreState } from './snapshot';
import type { AcdSnapshot } from './snapshot';
import { emptyState, step } from './step';
import { isSameTenant } from './tenant';
import { awaitedAgent, keptUntilMs, queueOf, ringOf } from './waiting';

export interface JournalEntry {
  readonly event: AcdEvent;
  readonly atMs: number;
}

/** Why a candidate was not chosen, in the order in which the rules are asked; `chosen` for the one who was. */
export type Verdict =
  | { readonly kind: 'chosen' }
  | { readonly kind: 'other-tenant' | 'signed-out' | 'no-station' | 'rings-already' }
  /** A supervisor has chosen another agent. */
  | { readonly kind: 'not-assigned' }
  | { readonly kind: 'not-ready'; readonly reason: NotReadyReason }
  | { readonly kind: 'no-capacity'; readonly contacts: readonly ContactId[] }
  | { readonly kind: 'kept-for'; readonly agentId: AgentId; readonly untilMs: number }
  | { readonly kind: 'skill-missing'; readonly skill: string; readonly needed: number; readonly has: number }
  | { readonly kind: 'lower-score'; readonly by: number }
  | { readonly kind: 'arrived-later' }
  | { readonly kind: 'ranked-later'; readonly strategy: string; readonly rank: number; readonly chosenRank: number }
  | { readonly kind: 'idle-shorter'; readonly byMs: number }
  | { readonly kind: 'later-by-id' };

export interface Candidate {
  readonly contactId: ContactId;
  readonly agentId: AgentId;
  readonly score: number;
  readonly terms: readonly Term[];
  readonly verdict: Verdict;
}

export interface Explanation {
  readonly decision: number;
  readonly atMs: number;
  readonly contactId: ContactId;
  readonly agentId: AgentId;
  readonly queueId: QueueId;
  readonly score: number;
  /** Equal to `decisionHash` of the offer that was made, if this is the decision that was taken. */
  readonly hash: string;
  /** The chosen contact with every agent. */
  readonly agents: readonly Candidate[];
  /** The chosen agent with every other contact that waited. */
  readonly contacts: readonly Candidate[];
}

/** Of an offer as it was made, or of a decision as it was recomputed (SHA-256, hexadecimal). */
export const decisionHash = (of: Omit<Decision, 'nowMs'>): string =>
  createHash('sha256')
    .update(JSON.stringify([of.decision, of.queueId, of.contactId, of.agentId, of.score]))
    .digest('hex');

/**
 * Replays the journal up to a decision and explains it; undefined when the journal has no such decision.
 * @param from where the journal begins: nothing, or the snapshot after which its first event came.
 */
export const explainDecision = (
  journal: Iterable<JournalEntry>,
  decision: number,
  from: JournalBeginning = {},
): Explanation | undefined => explainDecisions(journal, [decision], from)[0];

export interface JournalBeginning {
  readonly rules?: AcdRules | undefined;
  readonly snapshot?: AcdSnapshot | undefined;
}

/** Several decisions by one replay, in the order in which they were taken. */
export const explainDecisions = (
  journal: Iterable<JournalEntry>,
  decisions: readonly number[],
  from: JournalBeginning = {},
): Explanation[] => {
  const wanted = new Set(decisions);
  const explained: Explanation[] = [];
  const rules: AcdRules = {
    ...from.rules,
    observe: (state, made) => {
      if (wanted.has(made.decision)) explained.push(explain(state, made));
    },
  };
  let state = from.snapshot ? restoreState(from.snapshot, rules) : emptyState(rules);
  for (const { event, atMs } of journal) {
    if (explained.length === wanted.size) break;
    [state] = step(state, event, atMs);
  }
  return explained;
};

const explain = (state: AcdState, made: Decision): Explanation => {
  const { decision, contactId, agentId, queueId, score, nowMs, isAssigned = false } = made;
  const contact = state.contacts.get(contactId);
  const agent = state.agents.get(agentId);
  if (!contact || !agent)
    throw new Error(`decision ${decision} is about ${contactId} and ${agentId}, who are not there`);
  const chosen = { contact, agent, score };
  const others = [...state.contacts.values()].filter(
    (other) => other !== contact && other.status.kind === 'waiting' && contact.status.kind === 'waiting',
  );
  return {
    decision,
    atMs: nowMs,
    contactId,
    agentId,
    queueId,
    score,
    hash: decisionHash(made),
    agents: [...state.agents.values()].map((one) =>
      candidate(state, { contact, agent: one }, { chosen, nowMs, isAssigned }),
    ),
    contacts: others.map((one) => candidate(state, { contact: one, agent }, { chosen, nowMs, isAssigned })),
  };
};

interface Pairing {
  readonly contact: Contact;
  readonly agent: Agent;
}

interface Comparison {
  readonly chosen: Pairing & { readonly score: number };
  readonly nowMs: number;
  readonly isAssigned: boolean;
}

const candidate = (state: AcdState, pair: Pairing, than: Comparison): Candidate => {
  const { contact, agent } = pair;
  const queue = queueOf({ state }, contact);
  const terms = termsOf(queue, { ...pair, nowMs: than.nowMs });
  const score = terms.reduce((sum, { points }) => sum + points, 0);
  const ids = { contactId: contact.contactId, agentId: agent.agentId };
  const same = contact === than.chosen.contact && agent === than.chosen.agent;
  const verdict: Verdict = same
    ? { kind: 'chosen' }
    : (hindrance(state, pair, than.nowMs) ?? comesLater(queue, { ...pair, score }, than));
  return { ...ids, score, terms, verdict };
};

/** Why the agent may not have the contact at all. */
const hindrance = (state: AcdState, { contact, agent }: Pairing, nowMs: number): Verdict | undefined => {
  const { intent } = agent;
  if (!isSameTenant(queueOf({ state }, contact), agent)) return { kind: 'other-tenant' };
  if (intent.kind === 'signed-out') return { kind: 'signed-out' };
  if (intent.kind === 'not-ready') return { kind: 'not-ready', reason: intent.reason };
  if (!agent.deviceRegistered) return { kind: 'no-station' };
  const contacts = agent.engagements.map(({ contactId }) => contactId);
  if (contacts.includes(contact.contactId)) return { kind: 'rings-already' };
  if (!isFreeFor(agent, contact.channel)) return { kind: 'no-capacity', contacts };
  return notForThisAgent(state, { contact, agent }, nowMs);
};

const notForThisAgent = (state: AcdState, { contact, agent }: Pairing, nowMs: number): Verdict | undefined => {
  const known = awaitedAgent({ state, nowMs }, contact);
  if (known === agent) return undefined;
  if (known) return { kind: 'kept-for', agentId: known.agentId, untilMs: keptUntilMs({ state }, contact) };
  const queue = queueOf({ state }, contact);
  const ring = queue.plan.rings[ringOf(queue, nowMs - contact.arrivedAtMs)];
  for (const [skill, needed] of entriesOf(ring?.skills ?? queue.skills, contact.attributes.skills)) {
    const has = agent.skills[skill] ?? 0;
    if (has < needed) return { kind: 'skill-missing', skill, needed, has };
  }
  return undefined;
};

/** Which rule of the order put the pair behind the chosen one. */
const comesLater = (queue: Queue, pair: Pairing & { readonly score: number }, than: Comparison): Verdict => {
  const { chosen } = than;
  if (than.isAssigned) return { kind: 'not-assigned' };
  if (pair.score < chosen.score) return { kind: 'lower-score', by: chosen.score - pair.score };
  if (pair.contact !== chosen.contact) return { kind: 'arrived-later' };
  const { strategy } = queue.plan;
  const { lane } = pair.contact;
  const wanted = lane?.wanted ?? { ...queue.skills, ...pair.contact.attributes.skills };
  const rank = lane ? freeAgentOf(lane, pair.agent).rank : strategy.rank(pair.agent, queue, wanted);
  const chosenRank = lane ? freeAgentOf(lane, chosen.agent).rank : strategy.rank(chosen.agent, queue, wanted);
  if (rank !== chosenRank) return { kind: 'ranked-later', strategy: strategy.name, rank, chosenRank };
  const byMs = pair.agent.idleSinceMs - chosen.agent.idleSinceMs;
  return byMs > 0 ? { kind: 'idle-shorter', byMs } : { kind: 'later-by-id' };
};
