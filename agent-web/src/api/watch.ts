/** What stands at the moment, what queues have done, and who is told of events. */
import {
  deliveryListSchema,
  deliverySchema,
  queueAlarmListSchema,
  queueReportSchema,
  standingAlarmListSchema,
  webhookListSchema,
  webhookSavedSchema,
} from '../../../api/contract/watch';
import type {
  DeliveryView,
  QueueAlarmBody,
  QueueAlarmView,
  QueueReport,
  StandingAlarmView,
  WebhookBody,
  WebhookView,
} from '../../../api/contract/watch';
import { request } from './http';

/** The oldest first. */
export const readStandingAlarms = async (): Promise<StandingAlarmView[]> =>
  (await request('/alarms/standing', { schema: standingAlarmListSchema })).items;

/** As one interval. */
export const readQueueReport = async (fromMs: number, toMs: number): Promise<QueueReport['items']> =>
  (await request('/reports/queues', { query: { fromMs, toMs }, schema: queueReportSchema })).items;

const queueAlarmPath = (id: string): string => `/queue-alarms/${encodeURIComponent(id)}`;

/** When queues are an alarm, for administrators. */
export const readQueueAlarms = async (): Promise<QueueAlarmView[]> =>
  (await request('/queue-alarms', { schema: queueAlarmListSchema })).items;

export const saveQueueAlarm = (id: string, body: QueueAlarmBody): Promise<void> =>
  request(queueAlarmPath(id), { method: 'PUT', body });

export const removeQueueAlarm = (id: string): Promise<void> => request(queueAlarmPath(id), { method: 'DELETE' });

const webhookPath = (id: string): string => `/webhooks/${encodeURIComponent(id)}`;

export const readWebhooks = async (): Promise<WebhookView[]> =>
  (await request('/webhooks', { schema: webhookListSchema })).items;

/** @returns the secret when it was made now, which can be shown this once. */
export const saveWebhook = async (id: string, body: WebhookBody): Promise<string | undefined> =>
  (await request(webhookPath(id), { method: 'PUT', body, schema: webhookSavedSchema })).secret;

export const removeWebhook = (id: string): Promise<void> => request(webhookPath(id), { method: 'DELETE' });

/** Sends an event, and tells how that went. */
export const testWebhook = (id: string): Promise<DeliveryView> =>
  request(`${webhookPath(id)}/test`, { method: 'POST', schema: deliverySchema });

/** The latest first. */
export const readDeliveries = async (id: string): Promise<DeliveryView[]> =>
  (await request(`${webhookPath(id)}/deliveries`, { schema: deliveryListSchema })).items;
