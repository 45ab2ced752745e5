/** What agents are to do when: shifts and the breaks in them, on the wall clock of a time zone. Pure. */
import type { AgentId } from '../../base/ids';
import { periodsBetween } from './calendar';
import type { Calendar, Period, Span } from './calendar';

/** `work` is to take contacts; the others are the reasons that agents choose for being not ready. */
export const ACTIVITIES = ['work', 'break', 'lunch', 'meeting', 'training', 'back-office'] as const;
export type Activity = (typeof ACTIVITIES)[number];

export interface Shift extends Span {
  readonly activity: Activity;
}

export interface Schedule extends Calendar<Shift> {
  readonly id: string;
  /** Whose it is: these agents, and those of these teams who have none of their own. */
  readonly agents: readonly AgentId[];
  readonly teams: readonly string[];
  /** Holds from this date (`YYYY-MM-DD`) on, the day included; always when absent. */
  readonly firstDate?: string | undefined;
  /** And until this one. */
  readonly lastDate?: string | undefined;
}

/** A stretch of time with one thing to do; stretches of one agent do not overlap. */
export interface Planned {
  readonly fromMs: number;
  readonly toMs: number;
  readonly activity: Activity;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The schedules that an agent may have, the first that holds on a date counting: own ones first, then the later begun. */
export const schedulesOf = (
  schedules: readonly Schedule[],
  agent: { readonly agentId: AgentId; readonly teams?: readonly string[] | undefined },
): Schedule[] => {
  const own = schedules.filter(({ agents }) => agents.includes(agent.agentId));
  const ofTeams = schedules.filter(
    (one) => !own.includes(one) && one.teams.some((team) => agent.teams?.includes(team)),
  );
  return [own, ofTeams].flatMap((group) =>
    [...group].sort((a, b) => compare(b.firstDate ?? '', a.firstDate ?? '') || compare(a.id, b.id)),
  );
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const holdsOn = ({ firstDate = '', lastDate = '9999-12-31' }: Schedule, date: string): boolean =>
  firstDate <= date && date <= lastDate;

/**
 * What these schedules want done in a stretch of time, the first that holds on a date counting, by time. Breaks and the
 * like are cut out of the work around them; of two such the one that is written later counts.
 */
export const plannedIn = (schedules: readonly Schedule[], stretch: Stretch): Planned[] => {
  const periods = schedules.flatMap((schedule, place) =>
    periodsBetween(
      schedule,
      stretch,
      (date) => holdsOn(schedule, date) && !schedules.slice(0, place).some((better) => holdsOn(better, date)),
    ),
  );
  return layered(periods, stretch);
};

/** Layers periods over each other, work below, and gives what is seen from above. */
const layered = (periods: readonly Period<Shift>[], { fromMs, toMs }: Stretch): Planned[] => {
  const layers = [
    ...periods.filter(({ span }) => span.activity === 'work'),
    ...periods.filter(({ span }) => span.activity !== 'work'),
  ];
  const bounds = layers.flatMap((one) => [Math.max(one.fromMs, fromMs), Math.min(one.toMs, toMs)]);
  const edges = [...new Set(bounds)].sort((a, b) => a - b);
  const byBegin = layers.map((period, layer) => ({ period, layer })).sort((a, b) => a.period.fromMs - b.period.fromMs);
  const planned: Planned[] = [];
  let running: typeof byBegin = [];
  let next = 0;
  edges.forEach((edge, place) => {
    const end = edges[place + 1];
    if (end === undefined) return;
    for (let one = byBegin[next]; one && one.period.fromMs <= edge; one = byBegin[++next]) running.push(one);
    running = running.filter(({ period }) => period.toMs > edge);
    const top = running.reduce<(typeof byBegin)[number] | undefined>(
      (best, one) => (best && best.layer > one.layer ? best : one),
      undefined,
    );
    const before = planned.at(-1);
    if (!top) return;
    const { activity } = top.period.span;
    if (before?.toMs === edge && before.activity === activity) planned[planned.length - 1] = { ...before, toMs: end };
    else planned.push({ fromMs: edge, toMs: end, activity });
  });
  return planned;
};
