/** What is set about queues, agents, skills and hours. */
import { z } from 'zod';
import { calendarListSchema } from '../../../api/contract/calendars';
import type { CalendarBody, CalendarView } from '../../../api/contract/calendars';
import { siteListSchema } from '../../../api/contract/contexts';
import type { SiteView } from '../../../api/contract/contexts';
import { agentProfileListSchema, agentProfileSchema, namedListSchema } from '../../../api/contract/queues';
import { queueSettingsListSchema, tenantListSchema } from '../../../api/contract/queues';
import type { AgentProfileBody, AgentProfileView, NamedBody, NamedView } from '../../../api/contract/queues';
import type { QueueBody, QueueSettingsView, TenantBody, TenantView } from '../../../api/contract/queues';
import { request } from './http';

/** The small collections that are listed as a whole. */
export type AcdCollection = 'queue-settings' | 'calendars' | 'skills' | 'teams' | 'tenants' | 'sites';

const pathOf = (collection: AcdCollection, id: string): string => `/${collection}/${encodeURIComponent(id)}`;

export const readQueueSettings = async (): Promise<QueueSettingsView[]> =>
  (await request('/queue-settings', { schema: queueSettingsListSchema })).items;

export const readCalendars = async (): Promise<CalendarView[]> =>
  (await request('/calendars', { schema: calendarListSchema })).items;

export const readAgentProfiles = async (): Promise<AgentProfileView[]> =>
  (await request('/agent-profiles', { schema: agentProfileListSchema })).items;

export const readNamed = async (collection: 'skills' | 'teams'): Promise<NamedView[]> =>
  (await request(`/${collection}`, { schema: namedListSchema })).items;

export const readTenants = async (): Promise<TenantView[]> =>
  (await request('/tenants', { schema: tenantListSchema })).items;

export const readSites = async (): Promise<SiteView[]> => (await request('/sites', { schema: siteListSchema })).items;

const flowListSchema = z.object({ items: z.array(z.object({ id: z.string(), title: z.string() })) });

/** For administrators. */
export const readFlows = async (): Promise<{ id: string; title: string }[]> =>
  (await request('/flows', { schema: flowListSchema })).items;

interface Bodies {
  readonly 'queue-settings': QueueBody;
  readonly calendars: CalendarBody;
  readonly skills: NamedBody;
  readonly teams: NamedBody;
  readonly tenants: TenantBody;
  readonly sites: Omit<SiteView, 'id'>;
}

/** @throws ApiError `bad_input` with what contradicts itself, `conflict` when it was changed meanwhile. */
export const saveSetting = <Collection extends AcdCollection>(
  collection: Collection,
  id: string,
  body: Bodies[Collection],
): Promise<void> => request(pathOf(collection, id), { method: 'PUT', body });

/** @throws ApiError `conflict` while something else uses it. */
export const removeSetting = (collection: AcdCollection, id: string): Promise<void> =>
  request(pathOf(collection, id), { method: 'DELETE' });

/** @throws ApiError as of {@link saveSetting}. */
export const saveAgentProfile = (agentId: string, body: AgentProfileBody): Promise<AgentProfileView> =>
  request(`/agent-profiles/${encodeURIComponent(agentId)}`, { method: 'PUT', body, schema: agentProfileSchema });
