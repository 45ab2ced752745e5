/** Settings of queues and agents over collections in memory, and an ACD behind them. */
import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId, FlowId, QueueId, UserId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { AcdRunner } from '../../../acd/runner';
import type { AcdRunner as Runner } from '../../../acd/runner';
import { AcdModel } from '../../../main/acd-settings/acd-model';
import { openAcdSettings } from '../../../main/acd-settings/open';
import type { AcdSettings } from '../../../main/acd-settings/open';
import type { Named, Queue, StoredCalendar, Tenant } from '../../../store/queues';
import { foldedUserName } from '../../../store/users';
import type { User } from '../../../store/users';
import { memorySettings } from './routing-ports';

export interface AcdSettingsWorld extends AcdSettings {
  readonly clock: SimulatedClock;
  readonly acd: Runner;
  readonly model: AcdModel;
  readonly queues: ReturnType<typeof memorySettings<Queue>>;
  readonly users: Map<UserId, User>;
  readonly flows: Map<FlowId, never>;
  /** What was logged as an error. */
  readonly complaints: readonly Complaint[];
}

interface Complaint {
  readonly about: unknown;
  readonly said: string | undefined;
}

const agent = (name: string, extension: string, skills: Record<string, number>): User => ({
  _id: asId<UserId>(`user-${name}`),
  ...{ userName: name, displayName: name, roles: ['agent'], passwordHash: '', createdAtMs: 0, disabled: false },
  agent: { agentId: asId<AgentId>(name), extension, skills },
});

const leader = (userName: string, role: 'supervisor' | 'administrator'): User => ({
  _id: asId<UserId>(`user-${userName}`),
  ...{ userName, displayName: userName, roles: [role], passwordHash: '', createdAtMs: 0, disabled: false },
});

const SUPPORT: Queue = {
  ...{ _id: asId<QueueId>('support'), name: 'Support', skills: { support: 1 } },
  ...{ offerTimeoutMs: 20_000, wrapUpMs: 0 },
};

/** One queue, two agents, two supervisors and an administrator. */
export const acdSettingsWorld = async (): Promise<AcdSettingsWorld> => {
  const clock = new SimulatedClock(Date.parse('2026-11-23T09:00:00+08:00'));
  const users = new Map(
    [
      agent('ann', '1001', { support: 5 }),
      agent('bob', '1002', {}),
      leader('sue', 'supervisor'),
      leader('tom', 'supervisor'),
      leader('admin', 'administrator'),
    ].map((user) => [user._id, user]),
  );
  const queues = memorySettings<Queue>();
  await queues.save(SUPPORT);
  const store = {
    queues,
    calendars: memorySettings<StoredCalendar>(),
    skills: memorySettings<Named>(),
    teams: memorySettings<Named>(),
    tenants: memorySettings<Tenant>(),
    users: {
      list: () => Promise.resolve([...users.values()]),
      findByUserName: (typed: string) =>
        Promise.resolve([...users.values()].find(({ userName }) => userName === foldedUserName(typed))),
      update: (id: UserId, change: Partial<User>) => {
        const user = users.get(id);
        if (user) users.set(id, { ...user, ...change });
        return Promise.resolve(user !== undefined);
      },
    } as never,
  };
  const model = await AcdModel.load(store);
  const acd = new AcdRunner({ clock, perform: () => undefined });
  for (const queue of model.config().queues) acd.dispatch({ type: 'queue-configured', queue });
  for (const one of model.config().agents) acd.dispatch({ type: 'agent-configured', agent: one });
  const flows = new Map<FlowId, never>();
  const complaints: Complaint[] = [];
  const settings = await openAcdSettings({
    store,
    loaded: { model, live: { flows, numbers: new Map(), queueIds: new Set(['support']) } },
    acd: {
      configure: (event) => acd.dispatch(event),
      hoursOf: (queueId) => acd.state.queues.get(queueId),
    },
    usesOfQueue: (queueId) => (queueId === 'held' ? [{ kind: 'policy', id: 'vip' }] : []),
    usesOfTeam: (id) => (id === 'scheduled' ? [{ kind: 'schedule', id: 'early' }] : []),
    hasSite: (id) => id === 'berlin',
    onAgentChanged: () => undefined,
    clock,
    log: Object.assign(silentLogger(), {
      error: (about: unknown, said?: string) => void complaints.push({ about, said }),
    }),
  });
  return { ...settings, clock, acd, model, queues, users, flows, complaints };
};
