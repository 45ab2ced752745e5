/** The times, offers and contacts of a stretch of time as figures by agent and interval. */
import type { AgentId } from '../../base/ids';
import type { Activity, Planned } from '../hours/schedule';
import { addAgentCounts, agentFiguresOf, fairnessIndex, noAgentCounts, occupiedMs } from '../metrics';
import type { AgentCounts, AgentFigures } from '../metrics';
import type { AgentTime } from './agent-tally';
import type { ReportedWait } from './queue-report';

export interface ReportedAgent {
  readonly agentId: AgentId;
  readonly total: AgentFigures;
  /** Those in which there is anything, oldest first. */
  readonly intervals: readonly ({ readonly fromMs: number } & AgentFigures)[];
}

export interface AgentReport {
  /** By agent; those of whom nothing is known are left out. */
  readonly agents: readonly ReportedAgent[];
  /** Of all of them together. */
  readonly total: AgentFigures;
  /** Jain's index of their answered contacts, and of their occupied time. */
  readonly fairnessOfContacts: number | undefined;
  readonly fairnessOfTime: number | undefined;
}

export interface AgentReportTerms {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  /** What is scheduled later is not counted yet. */
  readonly nowMs: number;
  /** What an agent was to do between `fromMs` and `toMs`, by time, without overlaps. */
  readonly planOf: (agentId: AgentId) => readonly Planned[];
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Work is kept by whoever is ready for contacts or has one, a break by whoever has chosen it. */
export const agrees = (activity: Activity, { state, reason }: Pick<AgentTime, 'state' | 'reason'>): boolean =>
  activity === 'work' ? state !== 'not-ready' : reason === activity;

export class AgentReportBuilder {
  private readonly agents = new Map<AgentId, { plan: readonly Planned[]; intervals: Map<number, AgentCounts> }>();

  constructor(private readonly terms: AgentReportTerms) {}

  addTime(time: AgentTime): void {
    const { fromMs, toMs } = this.terms;
    const { agentId, offers = 0, missed = 0 } = time;
    if (time.toMs < fromMs || time.fromMs >= toMs) return;
    const { plan } = this.agent(agentId);
    for (const { counts, ...part } of this.split(agentId, time)) {
      count(counts, time, part.toMs - part.fromMs);
      for (const planned of overlapping(plan, part))
        if (agrees(planned.activity, time))
          counts.adherentMs += Math.min(planned.toMs, part.toMs) - Math.max(planned.fromMs, part.fromMs);
    }
    if (offers + missed === 0 || time.fromMs < fromMs) return;
    const counts = this.countsAt(agentId, time.fromMs);
    counts.offers += offers;
    counts.missed += missed;
  }

  /** One that an agent has answered. */
  addWait({
    agentId,
    arrivedAtMs,
    handleMs,
  }: Pick<ReportedWait, 'arrivedAtMs' | 'handleMs'> & { agentId: AgentId }): void {
    const counts = this.countsAt(agentId, arrivedAtMs);
    counts.answered += 1;
    if (handleMs === undefined) return;
    counts.handled += 1;
    counts.handleMs += handleMs;
  }

  /** Who was to work and never came counts, too. */
  addScheduled(agentId: AgentId): void {
    const { nowMs } = this.terms;
    for (const { fromMs, toMs } of this.agent(agentId).plan)
      for (const part of this.split(agentId, { fromMs, toMs: Math.min(toMs, nowMs) }))
        part.counts.scheduledMs += part.toMs - part.fromMs;
  }

  report(): AgentReport {
    const { fromMs, intervalMs } = this.terms;
    const known = [...this.agents].filter(([, { intervals }]) => intervals.size > 0);
    const all = noAgentCounts();
    const loads: AgentCounts[] = [];
    const agents = known
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([agentId, { intervals }]) => {
        const total = noAgentCounts();
        for (const counts of intervals.values()) addAgentCounts(total, counts);
        addAgentCounts(all, total);
        loads.push(total);
        const places = [...intervals].sort(([a], [b]) => a - b);
        return {
          agentId,
          total: agentFiguresOf(total),
          intervals: places.map(([place, counts]) => ({
            fromMs: fromMs + place * intervalMs,
            ...agentFiguresOf(counts),
          })),
        };
      });
    return {
      agents,
      total: agentFiguresOf(all),
      fairnessOfContacts: fairnessIndex(loads.map(({ answered }) => answered)),
      fairnessOfTime: fairnessIndex(loads.map(occupiedMs)),
    };
  }

  private agent(agentId: AgentId) {
    const agent = this.agents.get(agentId) ?? {
      plan: this.terms.planOf(agentId),
      intervals: new Map<number, AgentCounts>(),
    };
    this.agents.set(agentId, agent);
    return agent;
  }

  private countsAt(agentId: AgentId, atMs: number): AgentCounts {
    const { intervals } = this.agent(agentId);
    const place = Math.floor((atMs - this.terms.fromMs) / this.terms.intervalMs);
    const counts = intervals.get(place) ?? noAgentCounts();
    intervals.set(place, counts);
    return counts;
  }

  /** The parts of a stretch in the intervals that it touches; none of one without length. */
  private split(agentId: AgentId, stretch: Stretch): (Stretch & { readonly counts: AgentCounts })[] {
    const { fromMs, toMs, intervalMs } = this.terms;
    const end = Math.min(stretch.toMs, toMs);
    const parts: (Stretch & { readonly counts: AgentCounts })[] = [];
    for (let at = Math.max(stretch.fromMs, fromMs); at < end;) {
      const next = Math.min(end, fromMs + (Math.floor((at - fromMs) / intervalMs) + 1) * intervalMs);
      parts.push({ fromMs: at, toMs: next, counts: this.countsAt(agentId, at) });
      at = next;
    }
    return parts;
  }
}

const count = (counts: AgentCounts, { state, reason }: AgentTime, lastedMs: number): void => {
  if (state === 'ready') counts.readyMs += lastedMs;
  else if (state === 'offered') counts.ringingMs += lastedMs;
  else if (state === 'busy') counts.conversationMs += lastedMs;
  else if (state === 'wrap-up') counts.wrapUpMs += lastedMs;
  else if (reason) counts.notReadyMs[reason] = (counts.notReadyMs[reason] ?? 0) + lastedMs;
};

/** Of a plan by time without overlaps, what a stretch touches: found by halves, since plans of months are long. */
const overlapping = (plan: readonly Planned[], { fromMs, toMs }: Stretch): readonly Planned[] => {
  let low = 0;
  let high = plan.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((plan[middle]?.toMs ?? 0) <= fromMs) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while ((plan[end]?.fromMs ?? Infinity) < toMs) end += 1;
  return plan.slice(low, end);
};
