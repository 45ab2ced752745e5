/** Whether the waits that callers were told came true. */
import { z } from 'zod';

const QUARTER_HOUR_MS = 900_000;
const DAY_MS = 86_400_000;
/** Longest time that one report is about. */
const MOST_MS = 92 * DAY_MS;

export const waitReportQuerySchema = z
  .strictObject({
    fromMs: z.coerce.number().int().nonnegative(),
    toMs: z.coerce.number().int().nonnegative(),
    queueId: z.string().max(64).optional(),
    intervalMs: z.coerce.number().int().min(QUARTER_HOUR_MS).max(DAY_MS).multipleOf(QUARTER_HOUR_MS).default(3_600_000),
  })
  .refine(({ fromMs, toMs }) => fromMs < toMs && toMs - fromMs <= MOST_MS, 'toMs is after fromMs, by 92 days at most');

export const waitReportSchema = z.object({
  items: z.array(
    z.object({
      queueId: z.string(),
      /** Begin of the interval in which the promises were made (UTC). */
      fromMs: z.number(),
      promises: z.number().int(),
      /** Whose caller was joined to an agent: only these can be compared. */
      kept: z.number().int(),
      within: z.number().int(),
      shorter: z.number().int(),
      longer: z.number().int(),
      withinShare: z.number().optional(),
      meanPromisedMs: z.number().optional(),
      meanWaitedMs: z.number().optional(),
      /** Real − promised: positive when callers wait longer than expected. */
      biasMs: z.number().optional(),
    }),
  ),
});
export type WaitReportView = z.infer<typeof waitReportSchema>;
