/** The numbers by which queues and agents are judged: one definition for simulation, wallboard and reports (docs/metrics.md). */
import type { NotReadyReason } from './core/model';

/** What is counted of the contacts that arrived in one queue and interval. */
export interface Counts {
  /** Contacts that entered the queue and have been answered, have given up, or were diverted. */
  offered: number;
  answered: number;
  /** Answered within the queue's target. */
  answeredInTarget: number;
  abandoned: number;
  /** Gave up within the target: too early to be the center's fault. */
  abandonedInTarget: number;
  /** Left by an overflow rule. */
  diverted: number;
  /** Sum of the wait over the answered. */
  answeredWaitMs: number;
  /** Those of the answered with whom their agents are done, and the sum of conversation plus wrap-up over them. */
  handled: number;
  handleMs: number;
  /** Sum of the wait over all, and the longest of them. */
  waitMs: number;
  longestWaitMs: number;
}

export const noCounts = (): Counts => ({
  offered: 0,
  answered: 0,
  answeredInTarget: 0,
  abandoned: 0,
  abandonedInTarget: 0,
  diverted: 0,
  answeredWaitMs: 0,
  handled: 0,
  handleMs: 0,
  waitMs: 0,
  longestWaitMs: 0,
});

export const addCounts = (to: Counts, from: Counts): void => {
  for (const key of Object.keys(from) as (keyof Counts)[]) {
    to[key] = key === 'longestWaitMs' ? Math.max(to[key], from[key]) : to[key] + from[key];
  }
};

/** A target for queues that have none. */
export const DEFAULT_TARGET_MS = 20_000;

/** How a contact's wait in a queue has ended. */
export type WaitResult = 'answered' | 'abandoned' | 'diverted';

export interface CountedWait {
  readonly waitMs: number;
  readonly result: WaitResult;
  /** The queue's target at that moment. */
  readonly targetMs: number;
}

export const countWait = (counts: Counts, { waitMs, result, targetMs }: CountedWait): void => {
  const inTarget = waitMs <= targetMs;
  counts.offered += 1;
  counts.waitMs += waitMs;
  counts.longestWaitMs = Math.max(counts.longestWaitMs, waitMs);
  if (result === 'diverted') counts.diverted += 1;
  else if (result === 'abandoned') {
    counts.abandoned += 1;
    if (inTarget) counts.abandonedInTarget += 1;
  } else {
    counts.answered += 1;
    if (inTarget) counts.answeredInTarget += 1;
    counts.answeredWaitMs += waitMs;
  }
};

/** Of an answered contact, when its agent is done with it: conversation plus wrap-up. */
export const countHandling = (counts: Counts, handleMs: number): void => {
  counts.handled += 1;
  counts.handleMs += handleMs;
};

/** Undefined where nothing was counted: no number is better than 0 or 100 % of nothing. */
const share = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** Share of the offered, without those who gave up within the target, that was answered within the target. */
export const serviceLevel = (counts: Counts): number | undefined =>
  share(counts.answeredInTarget, counts.offered - counts.abandonedInTarget);

/** Share of the offered that gave up after the target. */
export const abandonment = (counts: Counts): number | undefined =>
  share(counts.abandoned - counts.abandonedInTarget, counts.offered);

/** ASA: mean wait of the answered. */
export const averageSpeedOfAnswerMs = (counts: Counts): number | undefined =>
  share(counts.answeredWaitMs, counts.answered);

/** AHT: mean of conversation plus wrap-up. */
export const averageHandleMs = (counts: Pick<Counts, 'handled' | 'handleMs'>): number | undefined =>
  share(counts.handleMs, counts.handled);

/** Share of the signed-in time with at least one contact, ringing and wrap-up included. */
export const occupancy = (busyMs: number, signedInMs: number): number | undefined => share(busyMs, signedInMs);

/** Share of the scheduled time in which the agent's state was the scheduled one. */
export const adherence = (adherentMs: number, scheduledMs: number): number | undefined =>
  share(adherentMs, scheduledMs);

/** Jain's index of the loads: 1 when all are equal, 1/n when one has everything. */
export const fairnessIndex = (loads: readonly number[]): number | undefined => {
  const sum = loads.reduce((a, b) => a + b, 0);
  const squares = loads.reduce((a, b) => a + b * b, 0);
  return share(sum * sum, loads.length * squares);
};

/** All that is said of a queue and an interval. */
export interface QueueFigures {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly diverted: number;
  readonly serviceLevel: number | undefined;
  readonly abandonment: number | undefined;
  readonly averageSpeedOfAnswerMs: number | undefined;
  readonly averageHandleMs: number | undefined;
  readonly meanWaitMs: number | undefined;
  readonly longestWaitMs: number;
}

export const figuresOf = (counts: Counts): QueueFigures => ({
  offered: counts.offered,
  answered: counts.answered,
  abandoned: counts.abandoned,
  diverted: counts.diverted,
  serviceLevel: serviceLevel(counts),
  abandonment: abandonment(counts),
  averageSpeedOfAnswerMs: averageSpeedOfAnswerMs(counts),
  averageHandleMs: averageHandleMs(counts),
  meanWaitMs: share(counts.waitMs, counts.offered),
  longestWaitMs: counts.longestWaitMs,
});

/** What is counted of one agent: times by the state that others see, contacts by their arrival. */
export interface AgentCounts {
  readyMs: number;
  /** By reason. */
  notReadyMs: Partial<Record<NotReadyReason, number>>;
  ringingMs: number;
  conversationMs: number;
  wrapUpMs: number;
  /** Offers that were made, and those of them that the agent let ring, declined, or could not be reached for. */
  offers: number;
  missed: number;
  /** Contacts of queues, as of {@link Counts}. */
  answered: number;
  handled: number;
  handleMs: number;
  scheduledMs: number;
  adherentMs: number;
}

export const noAgentCounts = (): AgentCounts => ({
  readyMs: 0,
  notReadyMs: {},
  ringingMs: 0,
  conversationMs: 0,
  wrapUpMs: 0,
  offers: 0,
  missed: 0,
  answered: 0,
  handled: 0,
  handleMs: 0,
  scheduledMs: 0,
  adherentMs: 0,
});

export const addAgentCounts = (to: AgentCounts, from: AgentCounts): void => {
  const { notReadyMs, ...figures } = from;
  for (const key of Object.keys(figures) as (keyof typeof figures)[]) to[key] += figures[key];
  for (const reason of Object.keys(notReadyMs) as NotReadyReason[])
    to.notReadyMs[reason] = (to.notReadyMs[reason] ?? 0) + (notReadyMs[reason] ?? 0);
};

/** Time with at least one contact. */
export const occupiedMs = ({ ringingMs, conversationMs, wrapUpMs }: AgentCounts): number =>
  ringingMs + conversationMs + wrapUpMs;

export const signedInMs = (counts: AgentCounts): number =>
  counts.readyMs + Object.values(counts.notReadyMs).reduce((a, b) => a + b, 0) + occupiedMs(counts);

/** All that is said of an agent and an interval. */
export interface AgentFigures extends Omit<AgentCounts, 'handled' | 'handleMs' | 'adherentMs'> {
  readonly signedInMs: number;
  readonly averageHandleMs: number | undefined;
  readonly occupancy: number | undefined;
  readonly adherence: number | undefined;
}

export const agentFiguresOf = (counts: AgentCounts): AgentFigures => {
  const { handled: _handled, handleMs: _handleMs, adherentMs, ...shown } = counts;
  return {
    ...shown,
    signedInMs: signedInMs(counts),
    averageHandleMs: averageHandleMs(counts),
    occupancy: occupancy(occupiedMs(counts), signedInMs(counts)),
    adherence: adherence(adherentMs, counts.scheduledMs),
  };
};
