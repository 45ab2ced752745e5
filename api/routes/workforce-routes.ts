/** When agents are to work, and what they have done. */
import { asId } from '../../base/ids';
import type { AgentId } from '../../base/ids';
import { agentReportQuerySchema, agentReportSchema } from '../contract/agent-report';
import { scheduleBodySchema } from '../contract/schedules';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { WorkforcePorts } from '../workforce-ports';
import { LEADERS } from './roles';
import { settingsRoutes } from './settings-routes';

const MAX_SCHEDULES = 10_000;

export type WorkforceRoutesOptions = AuditTrail & { readonly workforce: WorkforcePorts };

export const workforceRoutes = (options: WorkforceRoutesOptions): Route[] => [
  ...settingsRoutes(options, {
    ...{ name: 'schedules', noun: 'schedule', body: scheduleBodySchema, editor: options.workforce.schedules },
    ...{ readers: LEADERS, limit: MAX_SCHEDULES },
  }),
  sessionRoute({
    method: 'get',
    path: '/reports/agents',
    summary: 'What agents have done: times by state, offers, contacts, handling time, occupancy, adherence.',
    roles: LEADERS,
    query: agentReportQuerySchema,
    replies: { 200: { description: 'By agent and interval, and of all together.', schema: agentReportSchema } },
    handle: async ({ query: { fromMs, toMs, agentId, intervalMs = toMs - fromMs } }) => {
      const report = await options.workforce.reports.of({
        ...{ fromMs, toMs, intervalMs },
        agentId: agentId === undefined ? undefined : asId<AgentId>(agentId),
      });
      return report.ok ? jsonReply(report.value) : faultReply(report.fault);
    },
  }),
];
