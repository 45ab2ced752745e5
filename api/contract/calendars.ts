/** When queues are open: weekly hours and dated exceptions on the wall clock of a time zone. */
import { z } from 'zod';
import { settingId } from './routing';

const fromTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is HH:MM, from 00:00 to 23:59');
const toTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time is HH:MM, up to 24:00');

/** One that ends no later than it begins ends on the next day. */
export const span = { from: fromTime, to: toTime };

const isDate = (text: string): boolean => {
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
};

/** A date as `YYYY-MM-DD`. */
export const dateText = z.string().refine(isDate, 'a date is YYYY-MM-DD');
/** IANA's name. */
export const timeZoneName = z.string().min(1).max(64).refine(isTimeZone, 'a time zone is a name such as Asia/Shanghai');
/** From 1 (Monday) to 7. */
export const weekdays = z.array(z.number().int().min(1).max(7)).min(1).max(7);

/** What holds on single dates instead of the week; nothing without hours. */
export const datedExceptions = <Hours extends z.ZodRawShape>(hours: Hours, most: number) =>
  z
    .array(
      z.strictObject({
        date: dateText,
        name: z.string().trim().max(100).optional(),
        hours: z.array(z.strictObject(hours)).max(most).default([]),
      }),
    )
    .max(1_000)
    .refine((days) => new Set(days.map(({ date }) => date)).size === days.length, 'each date once')
    .default([]);

export const calendarBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  nameZh: z.string().trim().min(1).max(100).optional(),
  timeZone: timeZoneName,
  /** Days from 1 (Monday) to 7. */
  weekly: z
    .array(z.strictObject({ days: weekdays, ...span }))
    .max(50)
    .default([]),
  /** What holds on a date instead of the weekly hours; closed without hours. */
  exceptions: datedExceptions(span, 10),
  /** As of the reading on which a change is founded. */
  version: z.number().int().min(0).optional(),
});
export type CalendarBody = z.infer<typeof calendarBodySchema>;

export const calendarListSchema = z.object({
  items: z.array(calendarBodySchema.extend({ id: settingId })),
});
export type CalendarView = z.infer<typeof calendarListSchema>['items'][number];
