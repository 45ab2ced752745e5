/** Schedules and reports of agents as the product makes them, over what tests put there. */
import type { AgentTime } from '../../../acd/tally/agent-tally';
import type { WorkforcePorts } from '../../../api/workforce-ports';
import type { Clock } from '../../../base/clock';
import { systemClock } from '../../../base/clock';
import { agentReports } from '../../../main/workforce/agent-reports';
import type { KnownAgent } from '../../../main/workforce/agent-reports';
import { loadSchedules } from '../../../main/workforce/schedule-editor';
import type { StoredSchedule } from '../../../store/schedules';
import type { KeptWait } from '../../../store/waits';
import { memorySettings } from './routing-ports';
import { memoryWaits } from './watch-desk';

export interface WorkforceInMemory extends WorkforcePorts {
  /** Times that are over, times that are not, and waits. */
  readonly over: AgentTime[];
  readonly running: AgentTime[];
  readonly waits: KeptWait[];
  /** Who is an agent. */
  readonly agents: KnownAgent[];
}

export const workforceInMemory = async (
  present: readonly KnownAgent[],
  clock: Pick<Clock, 'nowMs'> = systemClock,
): Promise<WorkforceInMemory> => {
  const agents = [...present];
  const over: AgentTime[] = [];
  const running: AgentTime[] = [];
  const waits: KeptWait[] = [];
  const schedules = await loadSchedules({
    store: memorySettings<StoredSchedule>(),
    hasAgent: (agentId) => agents.some((agent) => agent.agentId === agentId),
    hasTeam: (id) => Promise.resolve(agents.some(({ teams }) => teams?.includes(id))),
  });
  return {
    ...{ over, running, waits, agents, schedules: schedules.editor },
    reports: agentReports({
      times: {
        save: (time) => Promise.resolve(void over.push(time)),
        latestOf: (agentId) => Promise.resolve(over.filter((time) => time.agentId === agentId).at(-1)),
        async *between(fromMs, toMs, agentId) {
          for (const time of over) {
            await Promise.resolve();
            const isAsked = agentId === undefined || time.agentId === agentId;
            if (isAsked && time.fromMs < toMs && time.toMs >= fromMs) yield time;
          }
        },
      },
      waits: memoryWaits(waits),
      running: () => Promise.resolve(running),
      agents: () => agents,
      schedules: () => schedules.current().map(({ _id, ...schedule }) => ({ ...schedule, id: _id })),
      clock,
    }),
  };
};
