/** What stands and what queues have done, for the desk's server: the product's own reports over what tests put there. */
import type { Express } from 'express';
import { queueReportQuerySchema, queueReportSchema, standingAlarmListSchema } from '../../../api/contract/watch';
import { watchDesk } from '../api/watch-desk';
import type { WatchInMemory } from '../api/watch-desk';

export const routeWatch = (app: Express): WatchInMemory => {
  const watch = watchDesk();
  app.get('/api/v1/alarms/standing', (_request, response) => {
    const items = watch.standing.list().map(({ key, sinceMs, alarm }) => ({ key, sinceMs, ...alarm }));
    response.json(standingAlarmListSchema.parse({ items }));
  });
  app.get('/api/v1/reports/queues', async (request, response) => {
    const { fromMs, toMs, queueId, intervalMs = toMs - fromMs } = queueReportQuerySchema.parse(request.query);
    response.json(queueReportSchema.parse(await watch.reports.of({ fromMs, toMs, intervalMs, queueId })));
  });
  return watch;
};
