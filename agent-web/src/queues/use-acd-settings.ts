/** Queues, agents, skills and hours as they are set, and what changes them. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { CalendarView } from '../../../api/contract/calendars';
import type { SiteView } from '../../../api/contract/contexts';
import type {
  AgentProfileBody,
  AgentProfileView,
  NamedView,
  QueueSettingsView,
  TenantView,
} from '../../../api/contract/queues';
import {
  readAgentProfiles,
  readCalendars,
  readNamed,
  readQueueSettings,
  readSites,
  readTenants,
  removeSetting,
  saveAgentProfile,
  saveSetting,
} from '../api/acd-settings';
import type { AcdCollection } from '../api/acd-settings';
import { localName } from '../i18n/local-name';

const KEY = 'acd-settings';

export interface AcdData {
  readonly queues: readonly QueueSettingsView[];
  readonly agents: readonly AgentProfileView[];
  readonly calendars: readonly CalendarView[];
  readonly skills: readonly NamedView[];
  readonly teams: readonly NamedView[];
  readonly tenants: readonly TenantView[];
  readonly sites: readonly SiteView[];
}

export interface AcdSettings {
  readonly data: AcdData | undefined;
  readonly error: Error | null;
  reload(): void;
  /** As of `saveSetting`; the lists are read again. */
  readonly save: typeof saveSetting;
  readonly saveAgent: (agentId: string, body: AgentProfileBody) => Promise<void>;
  readonly remove: (collection: AcdCollection, id: string) => Promise<void>;
}

const readAll = async (): Promise<AcdData> => {
  const [queues, agents, calendars, skills, teams, tenants, sites] = await Promise.all([
    readQueueSettings(),
    readAgentProfiles(),
    readCalendars(),
    readNamed('skills'),
    readNamed('teams'),
    readTenants(),
    readSites(),
  ]);
  return { queues, agents, calendars, skills, teams, tenants, sites };
};

export const useAcdSettings = (): AcdSettings => {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: [KEY], queryFn: readAll });
  /** What was refused is read again too: somebody else may have changed it. */
  const perform = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } finally {
      await queries.invalidateQueries({ queryKey: [KEY] });
    }
  };
  return {
    data,
    error,
    reload: () => void refetch(),
    save: (collection, id, body) => perform(() => saveSetting(collection, id, body)),
    saveAgent: (agentId, body) => perform(() => saveAgentProfile(agentId, body)),
    remove: (collection, id) => perform(() => removeSetting(collection, id)),
  };
};

interface Option {
  readonly value: string;
  readonly label: string;
}

export const optionsOf = (
  items: readonly { readonly id: string; readonly name?: string | undefined; readonly nameZh?: string | undefined }[],
): Option[] => items.map(({ id, name, nameZh }) => ({ value: id, label: localName(name ?? id, nameZh) }));

/** Whose a queue or an agent may be; one of nothing said is the main tenant's. */
export const tenantOptions = (tenants: readonly TenantView[], main: string): Option[] => {
  const { name = main, nameZh } = tenants.find(({ id }) => id === 'main') ?? {};
  return [{ value: '', label: localName(name, nameZh) }, ...optionsOf(tenants.filter(({ id }) => id !== 'main'))];
};

export const agentOptions = (agents: readonly AgentProfileView[]): Option[] =>
  agents.map(({ agentId, displayName, displayNameZh, extension }) => ({
    value: agentId,
    label: `${localName(displayName, displayNameZh)} (${extension})`,
  }));

/** What is not there any more keeps its id. */
export const nameIn = (options: readonly Option[], id: string): string =>
  options.find(({ value }) => value === id)?.label ?? id;
