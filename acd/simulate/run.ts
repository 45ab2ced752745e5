/** Plays a scenario through the engine of production: arrivals, impatience and conversations are drawn, decisions are its own. */
import { asId } from '../../base/ids';
import type { AgentId, ContactId, OfferId, QueueId } from '../../base/ids';
import { SeededRandom } from '../../base/random';
import type { AcdEffect, AcdEvent, AcdRules, AcdState } from '../core/model';
import { emptyState, nextDeadlineMs, step } from '../core/step';
import { countHandling, countWait, DEFAULT_TARGET_MS, noCounts } from '../metrics';
import type { Counts, WaitResult } from '../metrics';
import type { Observed } from '../runner';
import { EventHeap } from './event-heap';
import { draw, nextArrivalMs } from './scenario';
import type { Load, RecordedContact, Scenario } from './scenario';

export interface ContactOutcome {
  readonly queueId: QueueId;
  readonly arrivedAtMs: number;
  readonly waitMs: number;
  readonly result: WaitResult;
}

export interface AgentFigures {
  readonly agentId: AgentId;
  readonly handled: number;
  readonly busyMs: number;
  /** Within the day, of which the agent's last work may take a little more. */
  readonly signedInMs: number;
}

export interface SimulationResult {
  readonly seed: number;
  readonly durationMs: number;
  readonly intervalMs: number;
  readonly contacts: number;
  readonly events: number;
  /** Queue → counts by interval of arrival. */
  readonly queues: ReadonlyMap<QueueId, readonly Counts[]>;
  readonly agents: readonly AgentFigures[];
}

export interface SimulationHooks {
  readonly rules?: AcdRules;
  /** Sees each event as an observer of the running product does. */
  readonly observe?: (observed: Observed) => void;
  readonly onOutcome?: (outcome: ContactOutcome) => void;
}

type Happening =
  | { readonly kind: 'arrival'; readonly load: Load }
  | { readonly kind: 'recorded'; readonly contact: RecordedContact }
  | { readonly kind: 'answer'; readonly contactId: ContactId; readonly offerId: OfferId }
  | { readonly kind: 'end' | 'give-up'; readonly contactId: ContactId }
  | { readonly kind: 'shift-begin' | 'shift-end'; readonly agentId: AgentId }
  | { readonly kind: 'open' | 'close'; readonly queueId: QueueId };

interface Present {
  /** Where it waits now: overflow changes it. */
  queueId: QueueId;
  readonly arrivedAtMs: number;
  readonly handleMs: number;
}

export const simulate = (scenario: Scenario, hooks: SimulationHooks = {}): SimulationResult =>
  new Simulation(scenario, hooks).run();

class Simulation {
  private state: AcdState;
  private readonly random: SeededRandom;
  private readonly heap = new EventHeap<Happening>();
  private readonly present = new Map<ContactId, Present>();
  private readonly counts = new Map<QueueId, Counts[]>();
  private readonly meanHandles = new Map<QueueId, number>();
  private readonly earlier = new Map<AgentId, { readonly handled: number; readonly busyMs: number }>();
  private events = 0;
  private contacts = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly hooks: SimulationHooks,
  ) {
    this.state = emptyState(hooks.rules ?? {});
    this.random = new SeededRandom(scenario.seed);
  }

  run(): SimulationResult {
    const { scenario } = this;
    this.open();
    for (;;) {
      const dueMs = this.state.deadlines.first?.atMs ?? Infinity;
      const next = this.heap.takeUntil(dueMs);
      if (next) this.happen(next.item, Math.round(next.atMs));
      else if (dueMs === Infinity) break;
      // Whether a deadline still stands is asked when its time has come.
      else if (nextDeadlineMs(this.state) === dueMs) this.dispatch({ type: 'time-passed' }, dueMs);
    }
    // Nobody is left to answer them.
    const endMs = Math.max(scenario.durationMs, this.state.nowMs);
    for (const contactId of [...this.present.keys()]) this.finish(contactId, 'abandoned', endMs);
    const { seed, durationMs, intervalMs } = scenario;
    const { contacts, events, counts: queues } = this;
    const agents = this.agentFigures();
    return { seed, durationMs, intervalMs, contacts, events, queues, agents };
  }

  private open(): void {
    const { queues, agents, loads, recorded = [] } = this.scenario;
    for (const { hours, ...queue } of queues) {
      const { queueId } = queue;
      this.dispatch({ type: 'queue-configured', queue }, 0);
      this.counts.set(queueId, []);
      if (hours && hours[0]?.fromMs !== 0) this.dispatch({ type: 'queue-closed', queueId }, 0);
      for (const { fromMs, untilMs } of hours ?? []) {
        if (fromMs > 0) this.heap.add(fromMs, { kind: 'open', queueId });
        this.heap.add(untilMs, { kind: 'close', queueId });
      }
    }
    for (const { shifts, ...agent } of agents) {
      const { agentId } = agent;
      this.dispatch({ type: 'agent-configured', agent }, 0);
      if (!shifts) this.beginShift(agentId, 0);
      for (const { fromMs, untilMs } of shifts ?? []) {
        this.heap.add(fromMs, { kind: 'shift-begin', agentId });
        this.heap.add(untilMs, { kind: 'shift-end', agentId });
      }
    }
    for (const load of loads) this.planArrival(load, 0);
    for (const contact of recorded) this.heap.add(contact.atMs, { kind: 'recorded', contact });
  }

  /** Signing in sets an agent's figures to zero: those of earlier shifts are put aside. */
  private beginShift(agentId: AgentId, nowMs: number): void {
    if (this.state.agents.get(agentId)?.engagements.length === 0) this.earlier.set(agentId, this.workOf(agentId));
    this.dispatch({ type: 'agent-signed-in', agentId }, nowMs);
    this.dispatch({ type: 'device-changed', agentId, registered: true }, nowMs);
    this.dispatch({ type: 'agent-ready', agentId }, nowMs);
  }

  private agentFigures(): AgentFigures[] {
    const { agents, durationMs } = this.scenario;
    return agents.map(({ agentId, shifts = [{ fromMs: 0, untilMs: durationMs }] }) => {
      const signedInMs = shifts.reduce((sum, { fromMs, untilMs }) => sum + Math.min(untilMs, durationMs) - fromMs, 0);
      return { agentId, ...this.workOf(agentId), signedInMs };
    });
  }

  private workOf(agentId: AgentId): { handled: number; busyMs: number } {
    const { handled: handledNow = 0, busyMs: busyNowMs = 0 } = this.state.agents.get(agentId) ?? {};
    const { handled, busyMs } = this.earlier.get(agentId) ?? { handled: 0, busyMs: 0 };
    return { handled: handled + handledNow, busyMs: busyMs + busyNowMs };
  }

  private planArrival(load: Load, afterMs: number): void {
    const atMs = nextArrivalMs(this.random, load.arrivals, { afterMs, untilMs: this.scenario.durationMs });
    if (atMs !== undefined) this.heap.add(atMs, { kind: 'arrival', load });
  }

  private happen(happening: Happening, nowMs: number): void {
    switch (happening.kind) {
      case 'arrival': {
        const { load } = happening;
        this.planArrival(load, nowMs);
        const handleMs = draw(this.random, load.handle);
        const patienceMs = draw(this.random, load.patience);
        const { queueId, priority = 0, attributes = {} } = load;
        return this.arrive({ atMs: nowMs, queueId, priority, attributes, handleMs, patienceMs }, nowMs);
      }
      case 'recorded':
        return this.arrive(happening.contact, nowMs);
      case 'answer':
        return this.answer(happening.contactId, happening.offerId, nowMs);
      case 'end':
        return this.dispatch({ type: 'contact-ended', contactId: happening.contactId }, nowMs);
      case 'give-up': {
        const { contactId } = happening;
        if (!this.present.has(contactId)) return;
        this.finish(contactId, 'abandoned', nowMs);
        return this.dispatch({ type: 'contact-left', contactId }, nowMs);
      }
      case 'shift-begin':
        return this.beginShift(happening.agentId, nowMs);
      case 'shift-end':
        return this.dispatch({ type: 'agent-signed-out', agentId: happening.agentId, whenDone: true }, nowMs);
      case 'open':
        return this.dispatch({ type: 'queue-opened', queueId: happening.queueId }, nowMs);
      case 'close':
        return this.dispatch({ type: 'queue-closed', queueId: happening.queueId }, nowMs);
    }
  }

  private arrive(contact: RecordedContact, nowMs: number): void {
    this.contacts += 1;
    const contactId = asId<ContactId>(String(this.contacts));
    const { queueId, priority, attributes, patienceMs } = contact;
    this.present.set(contactId, {
      queueId,
      arrivedAtMs: nowMs,
      handleMs: contact.handleMs ?? this.meanHandleMs(queueId),
    });
    if (patienceMs !== undefined && patienceMs !== Infinity)
      this.heap.add(nowMs + patienceMs, { kind: 'give-up', contactId });
    this.dispatch({ type: 'contact-arrived', contactId, queueId, priority, attributes }, nowMs);
  }

  /** Of the recorded conversations of a queue; 0 when there is none. */
  private meanHandleMs(queueId: QueueId): number {
    const known = this.meanHandles.get(queueId);
    if (known !== undefined) return known;
    const all = (this.scenario.recorded ?? []).flatMap((one) => (one.queueId === queueId ? (one.handleMs ?? []) : []));
    const meanMs = all.length > 0 ? all.reduce((a, b) => a + b, 0) / all.length : 0;
    this.meanHandles.set(queueId, meanMs);
    return meanMs;
  }

  private answer(contactId: ContactId, offerId: OfferId, nowMs: number): void {
    const present = this.present.get(contactId);
    const status = this.state.contacts.get(contactId)?.status;
    // Given up, or answered by another agent, while it rang.
    if (!present || status?.kind !== 'offered' || !status.offers.some((offer) => offer.offerId === offerId)) return;
    this.finish(contactId, 'answered', nowMs);
    this.heap.add(nowMs + present.handleMs, { kind: 'end', contactId });
    this.dispatch({ type: 'offer-accepted', contactId, offerId }, nowMs);
  }

  private dispatch(event: AcdEvent, nowMs: number): void {
    this.events += 1;
    const [state, effects] = step(this.state, event, nowMs);
    this.state = state;
    this.hooks.observe?.({ event, effects, state, atMs: nowMs });
    for (const effect of effects) this.react(effect, nowMs);
  }

  private react(effect: AcdEffect, nowMs: number): void {
    if (effect.type === 'offer') {
      const { contactId, offerId } = effect;
      if (this.scenario.answerMs === 0) this.answer(contactId, offerId, nowMs);
      else this.heap.add(nowMs + this.scenario.answerMs, { kind: 'answer', contactId, offerId });
    } else if (effect.type === 'contact-overflowed') {
      const present = this.present.get(effect.contactId);
      if (present) present.queueId = effect.to;
    } else if (effect.type === 'contact-diverted') this.finish(effect.contactId, 'diverted', nowMs);
    else if (effect.type === 'refused')
      throw new Error(`the engine refused an event of the simulation: ${effect.reason}`);
  }

  private finish(contactId: ContactId, result: ContactOutcome['result'], nowMs: number): void {
    const present = this.present.get(contactId);
    if (!present) return;
    this.present.delete(contactId);
    const { queueId, arrivedAtMs } = present;
    const waitMs = nowMs - arrivedAtMs;
    this.hooks.onOutcome?.({ queueId, arrivedAtMs, waitMs, result });
    const counts = this.countsAt(queueId, arrivedAtMs);
    const queue = this.state.queues.get(queueId);
    const targetMs = queue?.serviceLevel?.targetMs ?? DEFAULT_TARGET_MS;
    countWait(counts, { waitMs, result, targetMs });
    if (result === 'answered') countHandling(counts, present.handleMs + (queue?.wrapUpMs ?? 0));
  }

  private countsAt(queueId: QueueId, atMs: number): Counts {
    const intervals = this.counts.get(queueId) ?? [];
    const place = Math.floor(atMs / this.scenario.intervalMs);
    for (let missing = intervals.length; missing <= place; missing += 1) intervals.push(noCounts());
    return intervals[place] as Counts;
  }
}
