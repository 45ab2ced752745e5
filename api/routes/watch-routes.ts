/** What stands at the moment, and the figures of the running product. */
import { FIGURES_MEDIA_TYPE } from '../../base/figures';
import { standingAlarmListSchema } from '../contract/watch';
import type { Route } from '../http/route';
import { jsonReply, keyRoute, sessionRoute } from '../http/route';
import type { WatchDesk } from '../watch-ports';
import { LEADERS } from './roles';

export const watchRoutes = ({ watch }: { readonly watch: WatchDesk }): Route[] => [
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
    handle: ({ response }) => {
      response.status(200).set('Content-Type', FIGURES_MEDIA_TYPE).send(watch.figures.text());
      return Promise.resolve({ kind: 'sent' });
    },
  }),
];
