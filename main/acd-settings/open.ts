/** What administrators set about queues and agents, joined: its editors, and the clock that opens and closes queues. */
import type { Clock } from '../../base/clock';
import type { AgentId, QueueId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { KeyedSerialQueue } from '../../base/serial-queue';
import { MAIN_TENANT } from '../../acd/core/tenant';
import { QueueHours } from '../../acd/hours/queue-hours';
import type { AcdSettingsPorts, SettingsEditor } from '../../api/ports';
import type { AcdSetUp } from '../../calls/center';
import type { Store } from '../../store/connect';
import type { Named, Tenant } from '../../store/queues';
import type { LoadedDirectory } from '../load-directory';
import { liveSettings } from '../settings-editor';
import type { LiveSettings } from '../settings-editor';
import type { AcdModel } from './acd-model';
import { agentEditor } from './agent-editor';
import { calendarEditor } from './calendar-editor';
import { unlessUsed } from './faults';
import type { Use } from './faults';
import { queueEditor } from './queue-editor';
import type { AcdEdits } from './tell-first';
import { tenantEditor } from './tenant-editor';
import { tenantViews } from './tenant-view';
import { agentsWith, usesOfSkill, usesOfTenant } from './uses';

export interface AcdSettingsDeps {
  readonly store: Pick<Store, 'queues' | 'users' | 'calendars' | 'skills' | 'teams' | 'tenants'>;
  readonly loaded: Pick<LoadedDirectory, 'model' | 'live'>;
  readonly acd: AcdSetUp;
  /** What beside flows and queues names a queue. */
  readonly usesOfQueue: (queueId: QueueId) => readonly Use[];
  /** What beside agents names a team. */
  readonly usesOfTeam: (id: string) => readonly Use[];
  readonly hasSite: (id: string) => boolean;
  /** What is set about an agent is another now. */
  readonly onAgentChanged: (agentId: AgentId) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface AcdSettings {
  readonly ports: AcdSettingsPorts;
  /** Idempotent. */
  close(): void;
}

/** Queues are open or closed as their calendars say from here on. */
export const openAcdSettings = async (deps: AcdSettingsDeps): Promise<AcdSettings> => {
  const { store, loaded, acd, clock, log } = deps;
  const { model, live } = loaded;
  await nameSkills(store, model);
  const skills = await liveSettings<Named>(store.skills);
  const teams = await liveSettings<Named>(store.teams);
  const tenants = await liveSettings<Tenant>(store.tenants);
  const edits: AcdEdits = new KeyedSerialQueue();
  const hours = new QueueHours({
    clock,
    queues: () =>
      model.queues().map(({ _id, calendarId, callbackCalendarId }) => ({
        queueId: _id,
        calendar: model.calendarOf(calendarId),
        callbackCalendar: model.calendarOf(callbackCalendarId),
      })),
    known: (queueId) => acd.hoursOf(queueId),
    dispatch: (event) => void acd.configure(event),
  });
  hours.review();
  const onChanged = (): void => hours.review();
  const known = {
    skill: (id: string) => isIn(skills, id),
    team: (id: string) => isIn(teams, id),
    site: deps.hasSite,
    tenant: (id: string) => id === MAIN_TENANT || isIn(tenants, id),
  };
  return {
    ports: {
      queues: queueEditor({
        store,
        model,
        live,
        acd,
        log,
        edits,
        has: (noun, id) => known[noun](id),
        usesOf: deps.usesOfQueue,
        onChanged,
      }),
      calendars: calendarEditor({ store, model, onChanged }),
      skills: keptWhileUsed(skills.editor, 'skill', (id) => usesOfSkill(model, id)),
      teams: keptWhileUsed(teams.editor, 'team', (id) => [
        ...agentsWith(model, ({ teams: own = [] }) => own.includes(id)),
        ...deps.usesOfTeam(id),
      ]),
      tenants: keptWhileUsed(tenantEditor(tenants, store.users), 'tenant', (id) => usesOfTenant(model, id)),
      viewOf: tenantViews(model, () => tenants.current()),
      agents: agentEditor({
        ...{ store, model, acd, log, edits },
        has: (noun, id) => known[noun](id),
        onChanged: deps.onAgentChanged,
      }),
    },
    close: () => hours.close(),
  };
};

const isIn = (settings: LiveSettings<Named>, id: string): boolean => settings.current().some(({ _id }) => _id === id);

const keptWhileUsed = <Value>(
  editor: SettingsEditor<Value>,
  noun: string,
  usesOf: (id: string) => readonly Use[],
): SettingsEditor<Value> => ({ ...editor, mayRemove: (id) => unlessUsed(noun, id, usesOf(id)) });

/** Skills that queues and agents of earlier versions have, and nobody has described, are called what they are. */
const nameSkills = async (store: AcdSettingsDeps['store'], model: AcdModel): Promise<void> => {
  const named = new Set((await store.skills.list()).map(({ _id }) => _id));
  const levels = [
    ...model.queues().flatMap(({ skills, rings = [] }) => [skills, ...rings.map((ring) => ring.skills)]),
    ...model.agents().map(({ seat }) => seat.skills),
  ];
  for (const skill of new Set(levels.flatMap((each) => Object.keys(each))))
    if (!named.has(skill)) await store.skills.save({ _id: skill, name: skill });
};
