/** What stands at the moment, when that is so, what queues have done, and the figures of the running product. */
import {
  queueAlarmBodySchema,
  queueReportQuerySchema,
  queueReportSchema,
  standingAlarmListSchema,
} from '../contract/watch';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { jsonReply, keyRoute, sessionRoute } from '../http/route';
import type { WatchDesk } from '../watch-ports';
import { visibleTo } from '../http/tenant-view';
import type { WithTenants } from '../http/tenant-view';
import { LEADERS } from './roles';
import { settingsRoutes } from './settings-routes';

const MAX_ALARM_SETTINGS = 1_000;

export interface WatchRoutesOptions extends AuditTrail, WithTenants {
  readonly watch: WatchDesk;
}

export const watchRoutes = ({ watch, acdSettings, ...trail }: WatchRoutesOptions): Route[] => [
  ...settingsRoutes(trail, {
    name: 'queue-alarms',
    noun: 'queue alarm',
    body: queueAlarmBodySchema,
    editor: watch.queueAlarms,
    limit: MAX_ALARM_SETTINGS,
  }),
  sessionRoute({
    method: 'get',
    path: '/reports/queues',
    summary: 'What queues have done: offered, answered, abandoned, service level, speed of answer, handling time.',
    roles: LEADERS,
    query: queueReportQuerySchema,
    replies: { 200: { description: 'By queue and interval of arrival.', schema: queueReportSchema } },
    handle: async ({ query: { fromMs, toMs, queueId, intervalMs = toMs - fromMs }, auth }) => {
      const { items } = await watch.reports.of({ fromMs, toMs, intervalMs, queueId });
      return jsonReply({ items: visibleTo({ acdSettings }, auth, items) });
    },
  }),
  sessionRoute({
    method: 'get',
    path: '/alarms/standing',
    summary: 'The alarms of what lasts at the moment, the oldest first.',
    roles: LEADERS,
    replies: { 200: { description: 'The alarms.', schema: standingAlarmListSchema } },
    handle: () =>
      Promise.resolve(
        jsonReply({ items: watch.standing.list().map(({ key, sinceMs, alarm }) => ({ key, sinceMs, ...alarm })) }),
      ),
  }),
  keyRoute({
    method: 'get',
    path: '/metrics',
    summary: 'The figures of the running product, as Prometheus reads them.',
    scope: 'metrics',
    replies: { 200: { description: 'Prometheus’ text format 0.0.4.', mediaType: 'text/plain' } },
    handle: async ({ response }) => {
      const text = await watch.figures.metrics();
      response.status(200).set('Content-Type', watch.figures.contentType).send(text);
      return { kind: 'sent' };
    },
  }),
];
