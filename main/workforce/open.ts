/** Agents' schedules, their times, and the reports of both, joined. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { WorkforcePorts } from '../../api/workforce-ports';
import type { AcdFollower } from '../../calls/center';
import type { Store } from '../../store/connect';
import type { AcdModel } from '../acd-settings/acd-model';
import type { Use } from '../acd-settings/faults';
import { agentReports } from './agent-reports';
import { openAgentTimes } from './agent-times';
import type { LifeBefore } from './agent-times';
import { loadSchedules } from './schedule-editor';

export interface WorkforceDeps {
  readonly store: Pick<Store, 'agentTimes' | 'schedules' | 'teams' | 'waits'>;
  readonly model: AcdModel;
  readonly before: LifeBefore;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Workforce {
  readonly ports: WorkforcePorts;
  readonly acdFollower: AcdFollower;
  /** The schedules that name a team. */
  usesOfTeam(id: string): Use[];
  /** Writes what still waits. Idempotent. */
  close(): Promise<void>;
}

/** @throws SwitchroomError when the store cannot be read. */
export const openWorkforce = async (deps: WorkforceDeps): Promise<Workforce> => {
  const { store, model, clock } = deps;
  const schedules = await loadSchedules({
    store: store.schedules,
    hasAgent: (agentId) => model.agent(agentId) !== undefined,
    hasTeam: async (id) => (await store.teams.get(id)) !== undefined,
  });
  const times = await openAgentTimes(deps);
  return {
    ports: {
      schedules: schedules.editor,
      reports: agentReports({
        times: store.agentTimes,
        waits: store.waits,
        running: () => times.running(),
        agents: () =>
          model.agents().map(({ seat: { agentId, teams }, displayName, displayNameZh }) => ({
            ...{ agentId, teams, displayName, displayNameZh },
          })),
        schedules: () => schedules.current().map(({ _id, ...schedule }) => ({ ...schedule, id: _id })),
        clock,
      }),
    },
    acdFollower: times.follower,
    usesOfTeam: (id) =>
      schedules.current().flatMap(({ _id, teams }) => (teams.includes(id) ? [{ kind: 'schedule', id: _id }] : [])),
    close: () => times.close(),
  };
};
