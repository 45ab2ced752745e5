/** Schedules of agents, changed while the product runs; reports are made with them as they are then. */
import { asId } from '../../base/ids';
import type { AgentId } from '../../base/ids';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { ScheduleBody } from '../../api/contract/schedules';
import type { SettingsEditor } from '../../api/ports';
import type { StoredSchedule } from '../../store/schedules';
import type { SettingsStore } from '../../store/settings';
import { changedMeanwhile, unknownThing } from '../acd-settings/faults';

export interface ScheduleEditorDeps {
  readonly store: SettingsStore<StoredSchedule>;
  readonly hasAgent: (agentId: AgentId) => boolean;
  readonly hasTeam: (id: string) => Promise<boolean>;
}

export interface Schedules {
  current(): readonly StoredSchedule[];
  readonly editor: SettingsEditor<ScheduleBody>;
}

/** @throws SwitchroomError when the store cannot be read. */
export const loadSchedules = async (deps: ScheduleEditorDeps): Promise<Schedules> => {
  const { store } = deps;
  const schedules = new Map((await store.list()).map((schedule) => [schedule._id, schedule]));
  const current = (): StoredSchedule[] => [...schedules.values()].sort((a, b) => (a._id < b._id ? -1 : 1));
  return {
    current,
    editor: {
      list: () => Promise.resolve(current().map(({ _id, ...value }) => ({ id: _id, value }))),
      put: async (id, body) => {
        const present = schedules.get(id)?.version ?? 0;
        if (body.version !== undefined && body.version !== present) return changedMeanwhile(`The schedule ${id}`);
        const known = await checkNames(deps, body);
        if (!known.ok) return known;
        const schedule = {
          ...body,
          agents: body.agents.map((agentId) => asId<AgentId>(agentId)),
          _id: id,
          version: present + 1,
        };
        await store.save(schedule);
        schedules.set(id, schedule);
        return ok(undefined);
      },
      remove: async (id) => {
        const removed = await store.remove(id);
        schedules.delete(id);
        return removed;
      },
    },
  };
};

const checkNames = async (
  { hasAgent, hasTeam }: ScheduleEditorDeps,
  { agents, teams }: ScheduleBody,
): Promise<Result<void>> => {
  const agent = agents.find((id) => !hasAgent(asId<AgentId>(id)));
  if (agent !== undefined) return unknownThing('agent', { id: agent, path: 'agents' });
  for (const id of teams) if (!(await hasTeam(id))) return unknownThing('team', { id, path: 'teams' });
  return ok(undefined);
};
