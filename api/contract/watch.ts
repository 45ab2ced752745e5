/** Alarms that stand. */
import { z } from 'zod';
import { alarmSchema } from './security';

export const standingAlarmSchema = alarmSchema
  .pick({ kind: true, severity: true, message: true, details: true })
  .extend({ key: z.string(), sinceMs: z.number() });
export type StandingAlarmView = z.infer<typeof standingAlarmSchema>;

/** `GET /alarms/standing`: the oldest first. */
export const standingAlarmListSchema = z.object({ items: z.array(standingAlarmSchema) });
