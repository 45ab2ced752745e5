/** What agents have done: times by state, offers, contacts, occupancy and adherence. */
import { z } from 'zod';

const DAY_MS = 86_400_000;
/** Longest time that one report is about. */
const MOST_MS = 92 * DAY_MS;
const MOST_INTERVALS = 400;

/** `GET /reports/agents`: by intervals, which begin at `fromMs`; one for the whole time without `intervalMs`. */
export const agentReportQuerySchema = z
  .strictObject({
    fromMs: z.coerce.number().int().nonnegative(),
    toMs: z.coerce.number().int().nonnegative(),
    intervalMs: z.coerce.number().int().min(60_000).optional(),
    agentId: z.string().min(1).max(64).optional(),
  })
  .refine(({ fromMs, toMs }) => toMs > fromMs && toMs - fromMs <= MOST_MS, {
    path: ['toMs'],
    error: 'must be later than fromMs, by 92 days at most',
  })
  .refine(
    ({ fromMs, toMs, intervalMs }) => intervalMs === undefined || (toMs - fromMs) / intervalMs <= MOST_INTERVALS,
    { path: ['intervalMs'], error: `must leave ${MOST_INTERVALS} intervals at most` },
  );

const duration = z.number();

export const agentFiguresSchema = z.object({
  signedInMs: duration,
  readyMs: duration,
  /** By reason. */
  notReadyMs: z.record(z.string(), duration),
  ringingMs: duration,
  conversationMs: duration,
  wrapUpMs: duration,
  offers: z.number(),
  missed: z.number(),
  /** Contacts of queues. */
  answered: z.number(),
  averageHandleMs: duration.optional(),
  occupancy: z.number().optional(),
  scheduledMs: duration,
  adherence: z.number().optional(),
});
export type AgentFiguresView = z.infer<typeof agentFiguresSchema>;

export const agentReportSchema = z.object({
  items: z.array(
    z.object({
      agentId: z.string(),
      /** Absent for somebody who is no agent any more. */
      displayName: z.string().optional(),
      displayNameZh: z.string().optional(),
      total: agentFiguresSchema,
      /** Those in which there is anything. */
      intervals: z.array(agentFiguresSchema.extend({ fromMs: z.number() })),
    }),
  ),
  /** Of all of them together. */
  total: agentFiguresSchema,
  fairnessOfContacts: z.number().optional(),
  fairnessOfTime: z.number().optional(),
});
export type AgentReportView = z.infer<typeof agentReportSchema>;
