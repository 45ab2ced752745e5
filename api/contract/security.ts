/** Alarms and bans. */
import { z } from 'zod';

export const alarmSchema = z.object({
  id: z.string(),
  atMs: z.number(),
  kind: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What the details say as `why`, in parts, for a page that must say it in the reader's language. */
  cause: z.object({ key: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) }).optional(),
  /** Of what lasts: its beginning and its end have the same key. */
  condition: z.object({ key: z.string(), state: z.enum(['raised', 'over']) }).optional(),
});
export type AlarmView = z.infer<typeof alarmSchema>;

/** `GET /alarms`: the latest first. */
export const alarmListSchema = z.object({ items: z.array(alarmSchema) });

export const banSchema = z.object({
  id: z.string(),
  /** What is banned: a source whole, an account from one source, or an account from all new sources. */
  kind: z.enum(['source', 'pair', 'account']),
  network: z.string().optional(),
  account: z.string().optional(),
  sinceMs: z.number(),
  untilMs: z.number(),
  level: z.number().int(),
});
export type BanView = z.infer<typeof banSchema>;

/** `GET /bans`: the latest first. */
export const banListSchema = z.object({ items: z.array(banSchema) });
