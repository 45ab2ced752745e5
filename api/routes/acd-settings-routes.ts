/** Queues, their hours, and what agents are and can: read by supervisors, set by administrators. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { AgentId } from '../../base/ids';
import { calendarBodySchema } from '../contract/calendars';
import { agentProfileBodySchema, agentProfileListSchema, agentProfileSchema } from '../contract/queues';
import { namedBodySchema, queueBodySchema, tenantBodySchema } from '../contract/queues';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { AcdSettingsPorts } from '../ports';
import { visibleTo } from '../http/tenant-view';
import { ADMINISTRATORS, LEADERS } from './roles';
import { auditChange, settingsRoutes } from './settings-routes';

const MAX_QUEUES = 1_000;
const MAX_CALENDARS = 100;
const MAX_SKILLS = 1_000;
const MAX_TEAMS = 1_000;
const MAX_TENANTS = 100;

export type AcdSettingsRoutesOptions = AuditTrail & { readonly acdSettings: AcdSettingsPorts };

export const acdSettingsRoutes = (options: AcdSettingsRoutesOptions): Route[] => {
  const { queues, calendars, skills, teams, tenants } = options.acdSettings;
  const readers = LEADERS;
  return [
    ...settingsRoutes(options, {
      ...{ name: 'queue-settings', noun: 'queue', body: queueBodySchema, editor: queues, limit: MAX_QUEUES, readers },
      isShown: (queueId, auth) => visibleTo(options, auth, [{ queueId }]).length > 0,
    }),
    ...settingsRoutes(options, {
      ...{ name: 'calendars', noun: 'calendar', body: calendarBodySchema, editor: calendars, readers },
      limit: MAX_CALENDARS,
    }),
    ...settingsRoutes(options, {
      ...{ name: 'skills', noun: 'skill', body: namedBodySchema, editor: skills, limit: MAX_SKILLS, readers },
    }),
    ...settingsRoutes(options, {
      ...{ name: 'teams', noun: 'team', body: namedBodySchema, editor: teams, limit: MAX_TEAMS, readers },
    }),
    ...settingsRoutes(options, {
      ...{ name: 'tenants', noun: 'tenant', body: tenantBodySchema, editor: tenants, limit: MAX_TENANTS, readers },
    }),
    ...agentProfileRoutes(options),
  ];
};

const agentProfileRoutes = (options: AcdSettingsRoutesOptions): Route[] => {
  const { agents } = options.acdSettings;
  return [
    sessionRoute({
      method: 'get',
      path: '/agent-profiles',
      summary: 'What is set about each agent: skills with levels, grade, teams, site, contacts at once.',
      roles: LEADERS,
      replies: { 200: { description: 'The agents.', schema: agentProfileListSchema } },
      handle: ({ auth }) => Promise.resolve(jsonReply({ items: visibleTo(options, auth, agents.list()) })),
    }),
    sessionRoute({
      method: 'put',
      path: '/agent-profiles/{agentId}',
      summary: 'Sets what an agent is and can; it counts from the next decision on.',
      roles: ADMINISTRATORS,
      params: z.strictObject({ agentId: z.string().min(1).max(64) }),
      body: agentProfileBodySchema,
      replies: {
        200: { description: 'The agent as set now.', schema: agentProfileSchema },
        404: { description: 'There is no such agent.' },
        409: { description: 'It has been changed since it was read.' },
      },
      handle: async ({ params, body, auth, request }) => {
        const saved = await agents.put(asId<AgentId>(params.agentId), body);
        if (!saved.ok) return faultReply(saved.fault);
        await auditChange(options, { auth, request, what: `agent-profiles/${params.agentId}`, change: 'put' });
        return jsonReply(saved.value);
      },
    }),
  ];
};
