/** What agents are to do when: shifts, and the breaks in them. */
import { z } from 'zod';
import { datedExceptions, dateText, span, timeZoneName, weekdays } from './calendars';
import { CHOSEN_NOT_READY_REASONS } from './common';
import { settingId } from './routing';

/** `work` is to take contacts; the others are the reasons that agents choose for being not ready. */
export const ACTIVITIES = ['work', ...CHOSEN_NOT_READY_REASONS] as const;
export type Activity = (typeof ACTIVITIES)[number];

const shift = { ...span, activity: z.enum(ACTIVITIES) };
const id = z.string().min(1).max(64);
const shownName = z.string().trim().min(1).max(100);

/** Body of `PUT /schedules/{id}`. */
export const scheduleBodySchema = z
  .strictObject({
    name: shownName,
    nameZh: shownName.optional(),
    /** Whose it is: these agents, and those of these teams who have none of their own. */
    agents: z.array(id).max(10_000).default([]),
    teams: z.array(id).max(1_000).default([]),
    timeZone: timeZoneName,
    /** Holds from this date on, and until that one, both included; always without. */
    firstDate: dateText.optional(),
    lastDate: dateText.optional(),
    /** Breaks and the like are cut out of the work around them. */
    weekly: z
      .array(z.strictObject({ days: weekdays, ...shift }))
      .max(100)
      .default([]),
    /** What holds on a date instead of the weekly shifts; nothing without hours. */
    exceptions: datedExceptions(shift, 20),
    /** As of the reading on which a change is founded. */
    version: z.number().int().min(0).optional(),
  })
  .refine(({ firstDate = '', lastDate = '9999-12-31' }) => firstDate <= lastDate, {
    path: ['lastDate'],
    error: 'must not be before firstDate',
  });
export type ScheduleBody = z.infer<typeof scheduleBodySchema>;

export const scheduleListSchema = z.object({
  items: z.array(z.intersection(z.object({ id: settingId }), scheduleBodySchema)),
});
export type ScheduleView = ScheduleBody & { readonly id: string };
