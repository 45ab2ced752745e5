/** What stands, what queues have done and who is told, for the desk's server: the product's own reports over what tests put there. */
import type { Express } from 'express';
import {
  deliverySchema,
  queueAlarmBodySchema,
  queueAlarmListSchema,
  queueReportQuerySchema,
  queueReportSchema,
  standingAlarmListSchema,
  webhookBodySchema,
  webhookListSchema,
} from '../../../api/contract/watch';
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
  routeWebhooks(app, watch);
  routeQueueAlarms(app, watch);
  return watch;
};

const routeWebhooks = (app: Express, { webhooks }: WatchInMemory): void => {
  app.get('/api/v1/webhooks', (_request, response) => {
    response.json(webhookListSchema.parse({ items: webhooks.list() }));
  });
  app.put('/api/v1/webhooks/:id', async (request, response) => {
    const { id } = request.params;
    response.json({ id, ...(await webhooks.put(id, webhookBodySchema.parse(request.body))) });
  });
  app.post('/api/v1/webhooks/:id/test', async (request, response) => {
    const tested = await webhooks.test(request.params.id);
    response.json(deliverySchema.parse(tested.ok ? tested.value : undefined));
  });
};

const routeQueueAlarms = (app: Express, { queueAlarms }: WatchInMemory): void => {
  app.get('/api/v1/queue-alarms', async (_request, response) => {
    const items = (await queueAlarms.list()).map(({ id, value }) => ({ ...value, id }));
    response.json(queueAlarmListSchema.parse({ items }));
  });
  app.put('/api/v1/queue-alarms/:id', async (request, response) => {
    await queueAlarms.put(request.params.id, queueAlarmBodySchema.parse(request.body));
    response.json({});
  });
};
