/** Alarms that stand, when queues are one, and what queues have done. */
import { z } from 'zod';
import { queueFiguresSchema } from './common';
import { alarmSchema } from './security';

export const standingAlarmSchema = alarmSchema
  .pick({ kind: true, severity: true, message: true, details: true })
  .extend({ key: z.string(), sinceMs: z.number() });
export type StandingAlarmView = z.infer<typeof standingAlarmSchema>;

/** `GET /alarms/standing`: the oldest first. */
export const standingAlarmListSchema = z.object({ items: z.array(standingAlarmSchema) });

/** Body of `PUT /queue-alarms/{id}`: from when on these queues are an alarm; a limit of 0 is none. */
export const queueAlarmBodySchema = z.strictObject({
  /** All that no other setting names when it is empty. */
  queues: z.array(z.string().min(1).max(64)).max(1_000).default([]),
  longestWaitS: z.number().int().min(0).max(86_400).default(120),
  length: z.number().int().min(0).max(100_000).default(30),
  serviceLevelPercent: z.number().int().min(0).max(100).default(60),
  serviceLevelMinutes: z.number().int().min(5).max(60).default(15),
  unattended: z.enum(['never', 'when-waiting', 'when-open']).default('when-waiting'),
});
export type QueueAlarmBody = z.infer<typeof queueAlarmBodySchema>;

/** `GET /queue-alarms`: by id. */
export const queueAlarmListSchema = z.object({ items: z.array(queueAlarmBodySchema.extend({ id: z.string() })) });
export type QueueAlarmView = z.infer<typeof queueAlarmListSchema>['items'][number];

const DAY_MS = 86_400_000;
const MAX_INTERVALS = 2_000;

/** `GET /reports/queues`: by intervals of arrival, which begin at `fromMs`; one for the whole time without `intervalMs`. */
export const queueReportQuerySchema = z
  .strictObject({
    fromMs: z.coerce.number().int().nonnegative(),
    toMs: z.coerce.number().int().nonnegative(),
    intervalMs: z.coerce.number().int().min(60_000).optional(),
    queueId: z.string().min(1).max(64).optional(),
  })
  .refine(({ fromMs, toMs }) => toMs > fromMs && toMs - fromMs <= 400 * DAY_MS, {
    path: ['toMs'],
    error: 'must be later than fromMs, by 400 days at most',
  })
  .refine(({ fromMs, toMs, intervalMs }) => intervalMs === undefined || (toMs - fromMs) / intervalMs <= MAX_INTERVALS, {
    path: ['intervalMs'],
    error: `must leave ${MAX_INTERVALS} intervals at most`,
  });

export const queueReportSchema = z.object({
  items: z.array(
    z.object({
      queueId: z.string(),
      total: queueFiguresSchema,
      /** Those in which somebody arrived. */
      intervals: z.array(queueFiguresSchema.extend({ fromMs: z.number() })),
    }),
  ),
});
export type QueueReport = z.infer<typeof queueReportSchema>;

/** What webhooks can be told of. */
export const WEBHOOK_EVENTS = ['alarm.raised', 'alarm.over', 'call.voice-late', 'call.ended', 'agent.changed'] as const;

const eventName = z.string().regex(/^[a-z]+(\.[a-z-]+)*(\.\*)?$/, 'an event is like alarm.raised, or alarm.* for all');

/** Body of `PUT /webhooks/{id}`. */
export const webhookBodySchema = z.strictObject({
  url: z
    .string()
    .max(2_000)
    .refine(
      (text) => URL.canParse(text) && /^https?:\/\//.test(text) && new URL(text).username === '',
      'must be an address that begins with https:// or http://, without a user name',
    ),
  /** All when it is empty. */
  events: z.array(eventName).max(50).default([]),
  enabled: z.boolean().default(true),
  /** Makes another secret; the one of before is of no use any more. */
  newSecret: z.boolean().default(false),
});
export type WebhookBody = z.infer<typeof webhookBodySchema>;

export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  /** Events that it has not taken yet. */
  waiting: z.number(),
  /** The last attempt has failed. */
  failing: z.boolean(),
});
export type WebhookView = z.infer<typeof webhookSchema>;

/** `GET /webhooks`: by id. */
export const webhookListSchema = z.object({ items: z.array(webhookSchema) });

/** Of `PUT /webhooks/{id}`: the secret, if it was made now; it is shown this once. */
export const webhookSavedSchema = z.object({ id: z.string(), secret: z.string().optional() });

export const deliverySchema = z.object({
  eventId: z.string(),
  name: z.string(),
  atMs: z.number(),
  attempt: z.number(),
  result: z.enum(['delivered', 'failed', 'given-up', 'dropped']),
  tookMs: z.number().optional(),
  reason: z.string().optional(),
});
export type DeliveryView = z.infer<typeof deliverySchema>;

/** `GET /webhooks/{id}/deliveries`: the latest 50 since the app was started, newest first. */
export const deliveryListSchema = z.object({ items: z.array(deliverySchema) });
