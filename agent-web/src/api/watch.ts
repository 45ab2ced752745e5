/** What stands at the moment, what queues have done, and who is told of events. */
import { queueReportSchema, standingAlarmListSchema } from '../../../api/contract/watch';
import type { QueueReport, StandingAlarmView } from '../../../api/contract/watch';
import { request } from './http';

/** The oldest first. */
export const readStandingAlarms = async (): Promise<StandingAlarmView[]> =>
  (await request('/alarms/standing', { schema: standingAlarmListSchema })).items;

/** As one interval. */
export const readQueueReport = async (fromMs: number, toMs: number): Promise<QueueReport['items']> =>
  (await request('/reports/queues', { query: { fromMs, toMs }, schema: queueReportSchema })).items;
