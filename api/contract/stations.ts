/** Where an agent hears. */
import { z } from 'zod';

/** What an agent may use beside the browser, when an administrator allows it. */
export const FURTHER_STATIONS = ['phone', 'number'] as const;

export const stationKindSchema = z.enum(['browser', ...FURTHER_STATIONS]);
export type StationKindName = z.infer<typeof stationKindSchema>;

export const stationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('browser') }),
  /** A desk phone of the center. */
  z.strictObject({ kind: z.literal('phone'), extension: z.string().min(1).max(32) }),
  /** Called through the trunks; whoever answers is asked to press 1, in this language or in all. */
  z.strictObject({
    kind: z.literal('number'),
    number: z.string().min(1).max(64),
    language: z.enum(['en', 'zh-CN']).optional(),
  }),
]);
export type StationView = z.infer<typeof stationSchema>;
