/** Makes reports of agents: from their times, the contacts that they have answered, and what they were to do. */
import type { AgentId } from '../../base/ids';
import type { Clock } from '../../base/clock';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { plannedIn, schedulesOf } from '../../acd/hours/schedule';
import type { Planned, Schedule } from '../../acd/hours/schedule';
import { AgentReportBuilder } from '../../acd/tally/agent-report';
import type { AgentTime } from '../../acd/tally/agent-tally';
import type { AgentReportView } from '../../api/contract/agent-report';
import type { AgentReportQuestion, WorkforcePorts } from '../../api/workforce-ports';
import { agentTimeId } from '../../store/agent-times';
import type { AgentTimeStore } from '../../store/agent-times';
import type { WaitStore } from '../../store/waits';

/** Agents times intervals of one report, which is one reply. */
const MOST_ROWS = 20_000;

/** What is known of an agent now. */
export interface KnownAgent {
  readonly agentId: AgentId;
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  readonly teams?: readonly string[] | undefined;
}

export interface AgentReportsDeps {
  readonly times: AgentTimeStore;
  readonly waits: WaitStore;
  /** What is not over. */
  readonly running: () => Promise<readonly AgentTime[]>;
  readonly agents: () => readonly KnownAgent[];
  readonly schedules: () => readonly Schedule[];
  readonly clock: Pick<Clock, 'nowMs'>;
}

export const agentReports = (deps: AgentReportsDeps): WorkforcePorts['reports'] => ({
  of: async (question) => {
    const { fromMs, toMs } = question;
    const isAsked = (agentId: AgentId | undefined): agentId is AgentId =>
      agentId !== undefined && (question.agentId === undefined || agentId === question.agentId);
    const agents = deps.agents();
    const intervals = Math.ceil((toMs - fromMs) / question.intervalMs);
    if (question.agentId === undefined && intervals > 1 && agents.length * intervals > MOST_ROWS)
      return tooLong({ agents: agents.length, intervals });
    const builder = new AgentReportBuilder({ ...question, nowMs: deps.clock.nowMs(), planOf: planner(deps, question) });
    for (const { agentId } of agents) if (isAsked(agentId)) builder.addScheduled(agentId);
    const running = await deps.running();
    // One that ends meanwhile is written down, too.
    const counted = new Set(running.map(agentTimeId));
    for (const time of running) if (isAsked(time.agentId)) builder.addTime(time);
    for await (const time of deps.times.between(fromMs, toMs, question.agentId))
      if (!counted.has(agentTimeId(time))) builder.addTime(time);
    for await (const { agentId, ...wait } of deps.waits.arrived(fromMs, toMs, question.agentId))
      if (isAsked(agentId)) builder.addWait({ agentId, ...wait });
    return ok(viewOf(builder, agents));
  },
});

const tooLong = ({ agents, intervals }: { agents: number; intervals: number }): Result<never> =>
  fail(
    'bad_input',
    `A report of ${agents} agents by ${intervals} intervals has more than ${MOST_ROWS} rows: ask for one agentId, a shorter time or a longer intervalMs.`,
  );

const viewOf = (builder: AgentReportBuilder, agents: readonly KnownAgent[]): AgentReportView => {
  const { agents: reported, ...rest } = builder.report();
  const known = new Map(agents.map((agent) => [agent.agentId, agent]));
  return {
    ...rest,
    items: reported.map(({ agentId, total, intervals }) => {
      const { displayName, displayNameZh } = known.get(agentId) ?? {};
      return { agentId, displayName, displayNameZh, total, intervals: [...intervals] };
    }),
  };
};

/** Agents with the same schedules have the same plan, which is made once. */
const planner = (
  deps: AgentReportsDeps,
  { fromMs, toMs }: AgentReportQuestion,
): ((agentId: AgentId) => readonly Planned[]) => {
  const schedules = deps.schedules();
  const teamsOf = new Map(deps.agents().map(({ agentId, teams }) => [agentId, teams]));
  const plans = new Map<string, readonly Planned[]>();
  return (agentId) => {
    const own = schedulesOf(schedules, { agentId, teams: teamsOf.get(agentId) });
    const key = own.map(({ id }) => id).join(' ');
    const plan = plans.get(key) ?? plannedIn(own, { fromMs, toMs });
    plans.set(key, plan);
    return plan;
  };
};
