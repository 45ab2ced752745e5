/** The figures of one or several simulated days, per queue and interval, as a table to read. */
import type { QueueId } from '../../base/ids';
import { addCounts, fairnessIndex, figuresOf, noCounts, occupancy } from '../metrics';
import type { Counts, QueueFigures } from '../metrics';
import type { SimulationResult } from './run';

export interface SimulationReport {
  readonly days: number;
  readonly contacts: number;
  readonly queues: readonly {
    readonly queueId: QueueId;
    readonly total: QueueFigures;
    readonly intervals: readonly ({ readonly fromMs: number } & QueueFigures)[];
  }[];
  /** Over all agents and days. */
  readonly occupancy: number | undefined;
  /** Jain's index of the agents' contacts, and of their occupied time. */
  readonly fairnessOfContacts: number | undefined;
  readonly fairnessOfTime: number | undefined;
}

/** Adds up days of the same length that differ in their seeds. */
export const reportOf = (days: readonly SimulationResult[]): SimulationReport => {
  const intervalMs = days[0]?.intervalMs ?? 0;
  const queueIds = new Set(days.flatMap(({ queues }) => [...queues.keys()]));
  const handled = new Map<string, number>();
  const busyMs = new Map<string, number>();
  for (const agent of days.flatMap(({ agents }) => agents)) {
    handled.set(agent.agentId, (handled.get(agent.agentId) ?? 0) + agent.handled);
    busyMs.set(agent.agentId, (busyMs.get(agent.agentId) ?? 0) + agent.busyMs);
  }
  const signedInMs = days.reduce((sum, { agents }) => agents.reduce((all, agent) => all + agent.signedInMs, sum), 0);
  return {
    days: days.length,
    contacts: days.reduce((sum, { contacts }) => sum + contacts, 0),
    queues: [...queueIds].map((queueId) => queueReport(days, queueId, intervalMs)),
    occupancy: occupancy(
      [...busyMs.values()].reduce((a, b) => a + b, 0),
      signedInMs,
    ),
    fairnessOfContacts: fairnessIndex([...handled.values()]),
    fairnessOfTime: fairnessIndex([...busyMs.values()]),
  };
};

const queueReport = (
  days: readonly SimulationResult[],
  queueId: QueueId,
  intervalMs: number,
): SimulationReport['queues'][number] => {
  const intervals: Counts[] = [];
  const total = noCounts();
  for (const day of days) {
    (day.queues.get(queueId) ?? []).forEach((counts, place) => {
      addCounts((intervals[place] ??= noCounts()), counts);
      addCounts(total, counts);
    });
  }
  return {
    queueId,
    total: figuresOf(total),
    intervals: intervals.map((counts, place) => ({ fromMs: place * intervalMs, ...figuresOf(counts) })),
  };
};

const percent = (share: number | undefined): string => (share === undefined ? '–' : `${(share * 100).toFixed(1)} %`);
const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : (ms / 1000).toFixed(1));
const clock = (ms: number): string =>
  `${String(Math.floor(ms / 3_600_000)).padStart(2, '0')}:${String(Math.floor(ms / 60_000) % 60).padStart(2, '0')}`;

const HEADINGS = [
  'queue',
  'from',
  'offered',
  'answered',
  'given up',
  'diverted',
  'level',
  'abandoned',
  'ASA s',
  'AHT s',
  'longest s',
];

/** One line for each queue and interval, then what concerns all agents. */
export const printReport = (report: SimulationReport): string => {
  const row = (queueId: string, from: string, figures: QueueFigures): string[] => [
    queueId,
    from,
    String(figures.offered),
    String(figures.answered),
    String(figures.abandoned),
    String(figures.diverted),
    percent(figures.serviceLevel),
    percent(figures.abandonment),
    seconds(figures.averageSpeedOfAnswerMs),
    seconds(figures.averageHandleMs),
    seconds(figures.longestWaitMs),
  ];
  const rows = report.queues.flatMap(({ queueId, total, intervals }) => [
    ...intervals.map((one) => row(queueId, clock(one.fromMs), one)),
    row(queueId, 'all', total),
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ');
  const { occupancy: busy, fairnessOfContacts, fairnessOfTime } = report;
  return [
    line(HEADINGS),
    ...rows.map(line),
    '',
    `${report.days} day(s), ${report.contacts} contacts; occupancy ${percent(busy)}; fairness of contacts ` +
      `${fairnessOfContacts?.toFixed(3) ?? '–'}, of time ${fairnessOfTime?.toFixed(3) ?? '–'}`,
  ].join('\n');
};
