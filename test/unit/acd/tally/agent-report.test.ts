/** Agents' figures by interval, and adherence: the worked example of docs/metrics.md. */
import { asId } from '../../../../base/ids';
import type { AgentId } from '../../../../base/ids';
import type { Planned } from '../../../../acd/hours/schedule';
import { AgentReportBuilder, agrees } from '../../../../acd/tally/agent-report';
import type { AgentTime } from '../../../../acd/tally/agent-tally';

const ANN = asId<AgentId>('ann');
const BOB = asId<AgentId>('bob');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** In minutes since the report's begin. */
const time = (fromMin: number, toMin: number, about: Partial<AgentTime>): AgentTime => ({
  ...{ agentId: ANN, state: 'ready', fromMs: fromMin * MINUTE_MS, toMs: toMin * MINUTE_MS },
  ...about,
});
const planned = (fromMin: number, toMin: number, activity: Planned['activity']): Planned => ({
  ...{ fromMs: fromMin * MINUTE_MS, toMs: toMin * MINUTE_MS, activity },
});

const builder = (plan: readonly Planned[] = [], about: { toMs?: number; intervalMs?: number; nowMs?: number } = {}) =>
  new AgentReportBuilder({
    ...{ fromMs: 0, toMs: 8 * HOUR_MS, intervalMs: 8 * HOUR_MS, nowMs: 8 * HOUR_MS },
    ...about,
    planOf: (agentId) => (agentId === ANN ? plan : []),
  });

it('adds up times by state and reason, and makes occupancy and handling time of them', () => {
  const report = builder();
  report.addTime(time(0, 60, { state: 'ready' }));
  report.addTime(time(60, 61, { state: 'offered', offers: 1 }));
  report.addTime(time(61, 91, { state: 'busy' }));
  report.addTime(time(91, 100, { state: 'wrap-up' }));
  report.addTime(time(100, 120, { state: 'not-ready', reason: 'break' }));
  report.addTime(time(120, 130, { state: 'offered', offers: 1, missed: 1 }));
  report.addTime(time(130, 160, { state: 'not-ready', reason: 'no-answer' }));
  report.addWait({ agentId: ANN, arrivedAtMs: 59 * MINUTE_MS, handleMs: 39 * MINUTE_MS });
  report.addWait({ agentId: ANN, arrivedAtMs: 0 });
  expect(report.report().agents[0]?.total).toEqual({
    readyMs: HOUR_MS,
    notReadyMs: { break: 20 * MINUTE_MS, 'no-answer': 30 * MINUTE_MS },
    ringingMs: 11 * MINUTE_MS,
    conversationMs: 30 * MINUTE_MS,
    wrapUpMs: 9 * MINUTE_MS,
    signedInMs: 160 * MINUTE_MS,
    occupancy: 50 / 160,
    ...{ offers: 2, missed: 1, answered: 2, averageHandleMs: 39 * MINUTE_MS },
    ...{ scheduledMs: 0, adherence: undefined },
  });
});

it.each([
  ['work', 'ready', undefined, true],
  ['work', 'offered', undefined, true],
  ['work', 'busy', undefined, true],
  ['work', 'wrap-up', undefined, true],
  ['work', 'not-ready', 'break', false],
  ['work', 'not-ready', 'signed-in', false],
  ['lunch', 'not-ready', 'lunch', true],
  ['lunch', 'not-ready', 'break', false],
  ['lunch', 'busy', undefined, false],
] as const)('scheduled %s, in fact %s %s: %s', (activity, state, reason, expected) => {
  expect(agrees(activity, { state, ...(reason && { reason }) })).toBe(expected);
});

const EXAMPLE = [planned(0, 240, 'work'), planned(240, 270, 'lunch'), planned(270, 480, 'work')];

/** Ten minutes late, lunch from 12:05 to 12:35 rather than from 12:00 to 12:30, until 16:00. */
const workExample = (report: AgentReportBuilder): void => {
  report.addTime(time(10, 200, { state: 'ready' }));
  report.addTime(time(200, 245, { state: 'busy' }));
  report.addTime(time(245, 275, { state: 'not-ready', reason: 'lunch' }));
  report.addTime(time(275, 480, { state: 'ready' }));
  report.addScheduled(ANN);
};

it('adherence is the share of the scheduled time that agrees: the example of docs/metrics.md', () => {
  const report = builder(EXAMPLE);
  workExample(report);
  const total = report.report().agents[0]?.total;
  expect(total?.scheduledMs).toBe(480 * MINUTE_MS);
  expect(total?.adherence).toBe(460 / 480);
});

it('adherence of intervals: each counts what of plan and times lies in it', () => {
  const report = builder(EXAMPLE, { intervalMs: HOUR_MS });
  workExample(report);
  const intervals = report.report().agents[0]?.intervals ?? [];
  expect(intervals.map(({ adherence }) => adherence)).toEqual([50 / 60, 1, 1, 1, 50 / 60, 1, 1, 1]);
  expect(intervals.map(({ fromMs }) => fromMs / HOUR_MS)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('who was to work and never came has an adherence of 0; what is still to come is not counted', () => {
  const report = builder(EXAMPLE, { nowMs: 60 * MINUTE_MS });
  report.addScheduled(ANN);
  expect(report.report().agents).toHaveLength(1);
  expect(report.report().agents[0]?.total).toMatchObject({ scheduledMs: HOUR_MS, adherence: 0, signedInMs: 0 });
});

it('times that reach over the ends of the report count inside it only; their offers where they began', () => {
  const report = builder([], { toMs: HOUR_MS, intervalMs: HOUR_MS });
  report.addTime(time(-30, 30, { state: 'offered', offers: 1 }));
  report.addTime(time(30, 90, { state: 'ready' }));
  report.addTime(time(60, 90, { state: 'busy' }));
  report.addTime(time(-60, -30, { state: 'busy' }));
  expect(report.report().agents[0]?.total).toMatchObject({
    ...{ ringingMs: 30 * MINUTE_MS, readyMs: 30 * MINUTE_MS, conversationMs: 0, offers: 0 },
  });
});

it('says how even the work is spread, and leaves out of whom nothing is known', () => {
  const report = builder();
  report.addScheduled(BOB);
  expect(report.report()).toMatchObject({ agents: [], fairnessOfContacts: undefined });
  report.addTime(time(0, 30, { state: 'busy' }));
  report.addTime(time(0, 10, { agentId: BOB, state: 'busy' }));
  for (let n = 0; n < 3; n += 1) report.addWait({ agentId: ANN, arrivedAtMs: 0 });
  report.addWait({ agentId: BOB, arrivedAtMs: 0 });
  const { agents, total, fairnessOfContacts, fairnessOfTime } = report.report();
  expect(agents.map(({ agentId }) => agentId)).toEqual([ANN, BOB]);
  expect(total.answered).toBe(4);
  expect(fairnessOfContacts).toBe(16 / 20);
  expect(fairnessOfTime).toBe(16 / 20);
});
