/** Runs a random world and throws at the first thing that must never be, naming the seed and the event. */
import type { AgentId, ContactId } from '../../../../base/ids';
import type { AcdEffect, AcdEvent, AcdState, Agent, Contact, Decision } from '../../../../acd/core/model';
import { restoreState, stateHash, snapshotOf } from '../../../../acd/core/snapshot';
import { emptyState, nextDeadlineMs, step } from '../../../../acd/core/step';
import { indexFault } from './index-fault';
import { bestPairSlowly, mayBeCalled, mayBeGiven, scoreOf, waitingIn } from './reference';
import { RandomWorld } from './world';

export type JournalEntry = readonly [event: AcdEvent, atMs: number];

export interface WorldResult {
  readonly state: AcdState;
  readonly journal: readonly JournalEntry[];
  readonly events: number;
  readonly decisions: number;
  readonly arrived: number;
  readonly ended: number;
  /** Contacts that a supervisor has given to an agent. */
  readonly assigned: number;
}

interface WorldOptions {
  readonly events: number;
  /** Compares every decision with the slow reference. */
  readonly reference: boolean;
}

/** @throws Error with the seed with which it happens again. */
export const runWorld = (seed: number, options: WorldOptions): WorldResult => {
  const run = new WorldRun(seed, options);
  try {
    return run.run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`seed ${seed}, event ${run.journal.length}: ${message}\n${JSON.stringify(run.journal.at(-1))}`, {
      cause: error,
    });
  }
};

class WorldRun {
  readonly journal: JournalEntry[] = [];
  private readonly world: RandomWorld;
  private state: AcdState;
  private nowMs = 0;
  private arrived = 0;
  private ended = 0;
  private assigned = 0;

  constructor(
    seed: number,
    private readonly options: WorldOptions,
  ) {
    this.world = new RandomWorld(seed);
    this.state = emptyState(options.reference ? { observe: checkDecision } : {});
  }

  run(): WorldResult {
    for (const event of this.world.configuration()) this.apply(event);
    for (let count = 0; count < this.options.events; count += 1) {
      // Often several things happen in the same millisecond.
      if (this.world.random.int(3) > 0) this.nowMs += Math.floor(this.world.random.exponential(1000));
      this.apply(this.world.next(this.state));
    }
    const { state, journal, arrived, ended, assigned } = this;
    return { state, journal, arrived, ended, assigned, events: journal.length, decisions: state.decisions };
  }

  private apply(event: AcdEvent): void {
    if (event.type !== 'contact-assigned') return this.applyOne(event);
    // What time brings comes before any event, and must not be taken for its work.
    this.applyOne({ type: 'time-passed' });
    const mayBe = mayBeGiven(this.state, event.contactId, event.agentId);
    const before = this.state.decisions;
    this.applyOne(event);
    checkAssigned(this.state, { ...event, mayBe, before });
    if (mayBe) this.assigned += 1;
  }

  private applyOne(event: AcdEvent): void {
    this.journal.push([event, this.nowMs]);
    const before = new Set(this.state.contacts.keys());
    const [state, effects] = step(this.state, event, this.nowMs);
    this.state = state;
    this.count(before, { event, effects });
    checkPeople(state);
    checkTime(state, this.nowMs);
    checkCallbacks(state, { effects, nowMs: this.nowMs });
    if (this.options.reference) checkNobodyWaitsInVain(state, this.nowMs);
    if (this.journal.length % 500 === 0) checkIndexAndSnapshot(state);
  }

  /** Contacts come only by an event that brings them, and go only by one that ends them. */
  private count(before: ReadonlySet<ContactId>, of: { event: AcdEvent; effects: readonly AcdEffect[] }): void {
    const { event, effects } = of;
    const gone = [...before].filter((contactId) => !this.state.contacts.has(contactId));
    const come = [...this.state.contacts.keys()].filter((contactId) => !before.has(contactId));
    this.arrived += come.length;
    this.ended += gone.length;
    for (const contactId of come) {
      if (!('contactId' in event) || event.contactId !== contactId) throw new Error(`${contactId} came from nowhere`);
    }
    for (const contactId of gone) {
      const applied = !effects.some(({ type }) => type === 'refused');
      const named =
        applied && (event.type === 'contact-left' || event.type === 'contact-ended') && event.contactId === contactId;
      const told = effects.filter(
        (effect) =>
          (effect.type === 'contact-diverted' || effect.type === 'callback-over') && effect.contactId === contactId,
      );
      if (Number(named) + told.length !== 1)
        throw new Error(`${contactId} is lost: gone with ${told.length} words about it`);
    }
  }
}

/** Contacts and agents agree about each other; nobody has more than the capacity or what is not for them. */
const checkPeople = (state: AcdState): void => {
  const engaged = new Map<AgentId, Set<ContactId>>();
  const lengths = new Map<string, number>();
  for (const { contactId, status, queueId } of state.contacts.values()) {
    if (status.kind !== 'connected' && queueId !== undefined) lengths.set(queueId, (lengths.get(queueId) ?? 0) + 1);
    const agentIds =
      status.kind === 'connected'
        ? [status.agentId]
        : status.kind === 'offered'
          ? status.offers.map(({ agentId }) => agentId)
          : [];
    if (status.kind === 'offered' && status.offers.length === 0) throw new Error(`${contactId} is offered to nobody`);
    if (new Set(agentIds).size !== agentIds.length) throw new Error(`${contactId} is offered twice to one agent`);
    for (const agentId of agentIds) {
      const [queue, agent] = [queueId && state.queues.get(queueId), state.agents.get(agentId)];
      if (queue && (queue.tenant ?? 'main') !== (agent?.tenant ?? 'main'))
        throw new Error(`${contactId} of ${queueId} is at ${agentId}, who works for another tenant`);
      const kind = state.agents
        .get(agentId)
        ?.engagements.find((engagement) => engagement.contactId === contactId)?.kind;
      if (kind !== status.kind) throw new Error(`${contactId} is ${status.kind}, but for ${agentId} it is ${kind}`);
      engaged.set(agentId, (engaged.get(agentId) ?? new Set()).add(contactId));
    }
  }
  for (const queue of state.queues.values()) {
    if (queue.length !== (lengths.get(queue.queueId) ?? 0))
      throw new Error(`${queue.queueId} has a wrong length ${queue.length}`);
  }
  for (const agent of state.agents.values()) checkAgent(agent, engaged.get(agent.agentId) ?? new Set());
};

const checkAgent = (agent: Agent, contacts: ReadonlySet<ContactId>): void => {
  const { agentId, engagements } = agent;
  const open = engagements.filter(({ kind }) => kind !== 'wrap-up');
  if (open.length !== contacts.size)
    throw new Error(`${agentId} has ${open.length} contacts, of which ${contacts.size} know it`);
  if (agent.locked && agent.intent.kind === 'ready') throw new Error(`${agentId} is locked and ready`);
  if (engagements.filter(({ channel }) => channel === 'voice').length > 1) throw new Error(`${agentId} has two calls`);
};

/** Every lease and every wrap-up ends at its time; the next deadline is never in the past. */
const checkTime = (state: AcdState, nowMs: number): void => {
  for (const { contactId, status } of state.contacts.values()) {
    if (status.kind === 'offered' && status.offers.some(({ expiresAtMs }) => expiresAtMs <= nowMs)) {
      throw new Error(`an offer of ${contactId} outlived itself`);
    }
  }
  for (const { agentId, engagements } of state.agents.values()) {
    for (const engagement of engagements) {
      if (engagement.kind === 'wrap-up' && engagement.untilMs <= nowMs)
        throw new Error(`a wrap-up of ${agentId} outlived itself`);
    }
  }
  const deadlineMs = nextDeadlineMs(state);
  if (deadlineMs !== undefined && deadlineMs < nowMs) throw new Error(`a deadline at ${deadlineMs} was missed`);
};

/** Nobody is called, or about to be, at another time than the customer's and the queue's. */
const checkCallbacks = (state: AcdState, of: { effects: readonly AcdEffect[]; nowMs: number }): void => {
  for (const contact of state.contacts.values()) {
    const { contactId, status } = contact;
    const mayBe = mayBeCalled(state, contact, of.nowMs);
    if (status.kind === 'resting' && (mayBe || status.untilMs <= of.nowMs))
      throw new Error(`${contactId} rests in vain`);
    if ((status.kind === 'waiting' || status.kind === 'offered') && !mayBe)
      throw new Error(`${contactId} is ${status.kind}, though its customer must not be called now`);
    const calls = of.effects.filter((effect) => effect.type === 'call-customer' && effect.contactId === contactId);
    if (calls.length > 0 && (calls.length > 1 || !mayBe)) throw new Error(`${contactId} is called when it must not be`);
  }
};

/** Done when it may be, and then it rings there and nowhere else; refused when not. */
const checkAssigned = (
  state: AcdState,
  of: { contactId: ContactId; agentId: AgentId; mayBe: boolean; before: number },
): void => {
  const { contactId, agentId, mayBe, before } = of;
  const status = state.contacts.get(contactId)?.status;
  const ringsAt = status?.kind === 'offered' ? status.offers.map((offer) => offer.agentId).join() : undefined;
  if (mayBe && ringsAt !== agentId) throw new Error(`${contactId} was given to ${agentId}, but rings at ${ringsAt}`);
  if (!mayBe && state.decisions !== before) throw new Error(`${contactId} was refused to ${agentId}, and yet decided`);
};

const checkDecision = (state: AcdState, decision: Decision): void => {
  const contact = state.contacts.get(decision.contactId);
  if (!contact) throw new Error(`${decision.contactId} is decided about, but not there`);
  if (decision.isAssigned) return checkGiven(state, contact, decision);
  // Further agents of one who rings at several are chosen for that contact alone.
  const contacts = contact.status.kind === 'waiting' ? waitingIn(state) : [contact];
  const expected = bestPairSlowly(state, contacts, decision.nowMs);
  const wanted = `${expected?.contact.contactId} → ${expected?.agent.agentId} (${expected?.score})`;
  const made = `${decision.contactId} → ${decision.agentId} (${decision.score})`;
  if (wanted !== made) throw new Error(`decided ${made}, but the reference says ${wanted}`);
};

/** A supervisor's word: any agent who is free, at the score that the order would have. */
const checkGiven = (state: AcdState, contact: Contact, { agentId, score, nowMs }: Decision): void => {
  const agent = state.agents.get(agentId);
  if (!agent || !mayBeGiven(state, contact.contactId, agentId)) throw new Error(`${agentId} may not be given anything`);
  const expected = scoreOf(state, contact, { agent, nowMs });
  if (score !== expected) throw new Error(`given at ${score}, but the reference says ${expected}`);
};

const checkNobodyWaitsInVain = (state: AcdState, nowMs: number): void => {
  const pair = bestPairSlowly(state, waitingIn(state), nowMs);
  if (pair) throw new Error(`${pair.contact.contactId} waits, though ${pair.agent.agentId} is free for it`);
};

const checkIndexAndSnapshot = (state: AcdState): void => {
  const fault = indexFault(state);
  if (fault !== undefined) throw new Error(fault);
  const restored = restoreState(JSON.parse(JSON.stringify(snapshotOf(state))) as ReturnType<typeof snapshotOf>);
  if (stateHash(restored) !== stateHash(state)) throw new Error('a restored snapshot is another state');
};
