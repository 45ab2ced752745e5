/**
 * Follows agents through the ACD and tells of each stretch of time in one state when it is over. It sees what the engine
 * sees and decides nothing.
 */
import type { AgentId, OfferId } from '../../base/ids';
import type { AcdEffect, AcdEvent, AcdState, Agent, AgentStatus, NotReadyReason } from '../core/model';
import type { Observed } from '../runner';

/** What others see of an agent who is signed in. */
export type AgentTimeState = Exclude<AgentStatus['kind'], 'signed-out'>;

/** A stretch of time in one state. */
export interface AgentTime {
  readonly agentId: AgentId;
  readonly state: AgentTimeState;
  /** When not ready. */
  readonly reason?: NotReadyReason;
  readonly fromMs: number;
  readonly toMs: number;
  /** Offers made at its begin; 0 when absent. */
  readonly offers?: number;
  /** Offers made in it or before that were missed at its end; 0 when absent. */
  readonly missed?: number;
}

export interface AgentTallyDeps {
  readonly onEnded: (time: AgentTime) => void;
  readonly nowMs: number;
  /** When the life before this one was last seen to be alive; undefined when there was none. */
  readonly aliveMs?: number | undefined;
  /** Until when the latest time of an agent lasted that was told in a life before; nothing before that is told again. */
  readonly savedUntil?: ReadonlyMap<AgentId, number> | undefined;
}

/** Longer stretches are told in pieces, so that a report has not to look further back than this. */
export const LONGEST_TIME_MS = 86_400_000;
/** A gap between two lives that is no longer was a crash: the agents went on in it. */
export const MOST_AWAY_MS = 180_000;

interface Running {
  readonly state: AgentTimeState;
  readonly reason: NotReadyReason | undefined;
  readonly fromMs: number;
  /** As of the engine, which may be before `fromMs`. */
  readonly sinceMs: number;
  readonly offers: number;
  missed: number;
}

export class AgentTally {
  private readonly running = new Map<AgentId, Running>();
  private readonly offers = new Map<OfferId, AgentId>();

  /** @param state where the engine goes on from. */
  constructor(
    state: AcdState,
    private readonly deps: AgentTallyDeps,
  ) {
    const { nowMs, aliveMs = nowMs, savedUntil } = deps;
    const wasAway = nowMs - aliveMs > MOST_AWAY_MS;
    for (const agent of state.agents.values()) {
      const fromMs = Math.min(Math.max(agent.sinceMs, savedUntil?.get(agent.agentId) ?? 0), nowMs);
      this.begin(agent, fromMs);
      if (wasAway) this.skipAbsence(agent, { fromMs, aliveMs, nowMs });
    }
    for (const contact of state.contacts.values()) {
      if (contact.status.kind !== 'offered') continue;
      for (const { offerId, agentId } of contact.status.offers) this.offers.set(offerId, agentId);
    }
  }

  observe({ event, effects, state, atMs }: Observed): void {
    for (const offerId of missedIn(event, effects)) {
      const agentId = this.offers.get(offerId);
      const running = agentId && this.running.get(agentId);
      if (running) running.missed += 1;
    }
    const made = new Map<AgentId, number>();
    for (const effect of effects) {
      if (effect.type === 'withdraw-offer') this.offers.delete(effect.offerId);
      if (effect.type !== 'offer') continue;
      this.offers.set(effect.offerId, effect.agentId);
      made.set(effect.agentId, (made.get(effect.agentId) ?? 0) + 1);
    }
    if ('offerId' in event) this.offers.delete(event.offerId);
    for (const effect of effects) {
      if (effect.type !== 'agent-changed') continue;
      const agent = state.agents.get(effect.agentId);
      if (!agent) continue;
      this.settle(agent, made.get(agent.agentId) ?? 0, atMs);
      made.delete(agent.agentId);
    }
  }

  /** What is not over, up to now. */
  runningTimes(nowMs: number): AgentTime[] {
    return [...this.running].flatMap(([agentId, running]) => piecesOf(agentId, running, nowMs));
  }

  /** An offer begins a new stretch, whatever the agent does beside it, so that it is counted at its moment. */
  private settle(agent: Agent, offers: number, atMs: number): void {
    const running = this.running.get(agent.agentId);
    const { kind } = agent.status;
    const isSame = running && running.state === kind && running.sinceMs === agent.sinceMs;
    if (isSame && running.reason === reasonOf(agent) && offers === 0) return;
    // What came and went in one moment leaves only its counts.
    const rest = running?.fromMs === atMs && kind !== 'signed-out' ? running : undefined;
    if (rest) this.running.delete(agent.agentId);
    else this.end(agent.agentId, atMs);
    this.begin(agent, atMs, { offers: offers + (rest?.offers ?? 0), missed: rest?.missed ?? 0 });
  }

  private begin(agent: Agent, fromMs: number, counts = { offers: 0, missed: 0 }): void {
    const { kind } = agent.status;
    if (kind === 'signed-out') return;
    this.running.set(agent.agentId, {
      state: kind,
      reason: reasonOf(agent),
      fromMs,
      sinceMs: agent.sinceMs,
      ...counts,
    });
  }

  /** Tells also that the agent goes on now, so that a life which begins soon does not count the absence either. */
  private skipAbsence(agent: Agent, at: { fromMs: number; aliveMs: number; nowMs: number }): void {
    this.end(agent.agentId, Math.max(at.fromMs, at.aliveMs));
    this.begin(agent, at.nowMs);
    const running = this.running.get(agent.agentId);
    if (running) for (const piece of piecesOf(agent.agentId, running, at.nowMs)) this.deps.onEnded(piece);
  }

  private end(agentId: AgentId, atMs: number): void {
    const running = this.running.get(agentId);
    if (!running) return;
    this.running.delete(agentId);
    if (running.fromMs === atMs && running.offers + running.missed === 0) return;
    for (const piece of piecesOf(agentId, running, atMs)) this.deps.onEnded(piece);
  }
}

const reasonOf = ({ status }: Agent): NotReadyReason | undefined =>
  status.kind === 'not-ready' ? status.reason : undefined;

/** Offers that were let ring, declined, or for which the agent could not be reached. */
const missedIn = (event: AcdEvent, effects: readonly AcdEffect[]): OfferId[] => {
  const expired = effects.flatMap((effect) =>
    effect.type === 'withdraw-offer' && effect.reason === 'expired' ? [effect.offerId] : [],
  );
  const failed = event.type === 'offer-failed' && !effects.some(({ type }) => type === 'refused');
  return failed ? [...expired, event.offerId] : expired;
};

const piecesOf = (agentId: AgentId, running: Running, toMs: number): AgentTime[] => {
  const { state, reason, fromMs, offers, missed } = running;
  const pieces: AgentTime[] = [];
  const what = { agentId, state, ...(reason && { reason }) };
  for (let from = fromMs; from === fromMs || from < toMs; from += LONGEST_TIME_MS) {
    const isFirst = from === fromMs;
    pieces.push({
      ...what,
      fromMs: from,
      toMs: Math.max(from, Math.min(toMs, from + LONGEST_TIME_MS)),
      ...(isFirst && offers > 0 && { offers }),
      ...(isFirst && missed > 0 && { missed }),
    });
  }
  return pieces;
};
