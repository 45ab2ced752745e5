/** The same contacts give the same figures to the simulation, to the wallboard and to the report. */
import { asId } from '../../../../base/ids';
import type { AgentId, QueueId } from '../../../../base/ids';
import { emptyState } from '../../../../acd/core/step';
import { figuresOf, occupancy } from '../../../../acd/metrics';
import type { QueueFigures } from '../../../../acd/metrics';
import { reportOf } from '../../../../acd/simulate/report';
import { simulate } from '../../../../acd/simulate/run';
import type { Scenario } from '../../../../acd/simulate/scenario';
import { AgentReportBuilder } from '../../../../acd/tally/agent-report';
import { AgentTally } from '../../../../acd/tally/agent-tally';
import type { AgentTime } from '../../../../acd/tally/agent-tally';
import { QueueReportBuilder } from '../../../../acd/tally/queue-report';
import { RecentFigures } from '../../../../acd/tally/recent-figures';
import { WaitTally } from '../../../../acd/tally/wait-tally';
import type { EndedWait } from '../../../../acd/tally/wait-tally';

const SUPPORT = asId<QueueId>('support');
const SALES = asId<QueueId>('sales');
const HOUR_MS = 3_600_000;

/** Too few agents, so that customers wait, give up and overflow; all times are whole milliseconds. */
const scenario = (seed: number): Scenario => ({
  seed,
  durationMs: HOUR_MS,
  intervalMs: 900_000,
  answerMs: 2_000,
  queues: [
    {
      queueId: SUPPORT,
      skills: { support: 1 },
      offerTimeoutMs: 20_000,
      wrapUpMs: 10_000,
      serviceLevel: { targetMs: 15_000, percent: 80 },
      overflow: [
        { when: { kind: 'waited', afterMs: 60_000 }, to: { kind: 'queue', queueId: SALES } },
        { when: { kind: 'length', most: 2 }, to: { kind: 'voicemail', target: 'box' } },
      ],
    },
    { queueId: SALES, skills: { sales: 1 }, offerTimeoutMs: 20_000, wrapUpMs: 0 },
  ],
  agents: [
    { agentId: asId<AgentId>('ann'), skills: { support: 5 } },
    { agentId: asId<AgentId>('bob'), skills: { support: 3, sales: 5 } },
    { agentId: asId<AgentId>('cem'), skills: { sales: 2 } },
  ],
  loads: [
    {
      queueId: SUPPORT,
      arrivals: [{ fromMs: 0, perHour: 90 }],
      handle: { kind: 'constant', ms: 90_000 },
      patience: { kind: 'constant', ms: 100_000 },
    },
    {
      queueId: SALES,
      arrivals: [{ fromMs: 0, perHour: 30 }],
      handle: { kind: 'constant', ms: 120_000 },
      patience: { kind: 'constant', ms: 45_000 },
    },
  ],
});

const observed = (seed: number) => {
  const waits = new Map<string, EndedWait & { handleMs?: number }>();
  const recent = new RecentFigures();
  const keep = (wait: EndedWait & { handleMs?: number }): void =>
    void waits.set(`${wait.contactId}/${wait.endedAtMs}`, wait);
  // All is told at the hour's end, when the whole hour is what is recent.
  const nowMs = HOUR_MS - 1;
  const tally = new WaitTally(emptyState({}), {
    onEnded: (wait) => {
      recent.add(wait, nowMs);
      keep(wait);
    },
    onHandled: (wait, handleMs) => {
      recent.handled(wait, handleMs, nowMs);
      keep({ ...wait, handleMs });
    },
  });
  const times: AgentTime[] = [];
  const agents = new AgentTally(emptyState({}), { onEnded: (time) => void times.push(time), nowMs: 0 });
  let endMs = 0;
  const result = simulate(scenario(seed), {
    observe: (seen) => {
      tally.observe(seen);
      agents.observe(seen);
      endMs = seen.atMs;
    },
  });
  times.push(...agents.runningTimes(endMs));
  return { result, simulated: reportOf([result]), recent, nowMs, waits, times, endMs };
};

describe.each([1, 2, 3, 4, 5])('a simulated hour, seed %i', (seed) => {
  const { result, simulated, recent, nowMs, waits, times, endMs } = observed(seed);
  const builder = new QueueReportBuilder({ fromMs: 0, intervalMs: 900_000 });
  for (const wait of waits.values()) builder.add(wait);
  const reported = builder.report();

  it('has all that is counted: answers, abandonment early and late, diversions', () => {
    const [support] = simulated.queues.map(({ total }) => total);
    expect(support?.answered).toBeGreaterThan(20);
    const results = [...waits.values()].map(({ result }) => result);
    expect(new Set(results)).toEqual(new Set(['answered', 'abandoned', 'diverted']));
  });

  it.each([SUPPORT, SALES])('the queue %s has the same figures everywhere', (queueId) => {
    const inSimulation = simulated.queues.find((one) => one.queueId === queueId)?.total as QueueFigures;
    const onWallboard = figuresOf(recent.of(queueId, 60, nowMs));
    const inReport = reported.find((one) => one.queueId === queueId)?.total;
    expect(onWallboard).toEqual(inSimulation);
    expect(inReport).toEqual(inSimulation);
  });

  it('the agents have the same figures in the report', () => {
    const agents = new AgentReportBuilder({
      fromMs: 0,
      toMs: endMs + 1,
      intervalMs: 900_000,
      nowMs: endMs,
      planOf: () => [],
    });
    for (const time of times) agents.addTime(time);
    for (const { agentId, ...wait } of waits.values()) if (agentId !== undefined) agents.addWait({ agentId, ...wait });
    const report = agents.report();
    const answered = Object.fromEntries(report.agents.map(({ agentId, total }) => [agentId, total.answered]));
    expect(answered).toEqual(Object.fromEntries(result.agents.map(({ agentId, handled }) => [agentId, handled])));
    expect(report.fairnessOfContacts).toBe(simulated.fairnessOfContacts);
    expect(report.fairnessOfTime).toBe(simulated.fairnessOfTime);
    const { ringingMs, conversationMs, wrapUpMs } = report.total;
    const signedInMs = result.agents.reduce((sum, agent) => sum + agent.signedInMs, 0);
    expect(occupancy(ringingMs + conversationMs + wrapUpMs, signedInMs)).toBe(simulated.occupancy);
    const handled = [...waits.values()].flatMap(({ handleMs = [] }) => handleMs);
    expect(handled.length).toBeGreaterThan(20);
    expect(report.total.averageHandleMs).toBe(handled.reduce((a, b) => a + b) / handled.length);
  });

  it('each quarter of an hour of the report is the one of the simulation', () => {
    const quarters = (queues: typeof reported | typeof simulated.queues) =>
      queues
        .flatMap(({ queueId, intervals }) => intervals.map((figures) => ({ queueId, ...figures })))
        .filter(({ offered }) => offered > 0)
        .sort((a, b) => (a.queueId < b.queueId ? -1 : a.queueId > b.queueId ? 1 : a.fromMs - b.fromMs));
    expect(quarters(reported)).toEqual(quarters(simulated.queues));
  });
});
