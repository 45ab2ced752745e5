/** How calls sound. MOS 1 to 4.41 by the E-model (ITU-T G.107). Times are milliseconds since 1970 (UTC). */
import { z } from 'zod';

const roleSchema = z.enum(['caller', 'agent', 'called', 'supervisor', 'other']);

const liveQualitySchema = z.object({
  mos: z.number(),
  lossPercent: z.number(),
  jitterMs: z.number(),
  roundTripMs: z.number().optional(),
  jitterBufferMs: z.number().optional(),
});
export type LiveQualityView = z.infer<typeof liveQualitySchema>;

/** `no-packets`: nothing arrives; `silence`: packets do, with nothing in them except digital silence. */
export const soundFaultKindSchema = z.enum(['no-packets', 'silence']);

/** How a call has sounded in the last five seconds. */
export const callQualitySchema = z.object({
  callId: z.string(),
  legs: z.array(
    z.object({
      role: roleSchema,
      id: z.string(),
      /** The party's voice, as the server receives it. */
      heard: liveQualitySchema.optional(),
      /** What the party receives. */
      sent: liveQualitySchema.optional(),
    }),
  ),
  /** Whose sound does not arrive, though the other one's does. */
  fault: z.object({ role: roleSchema, id: z.string(), kind: soundFaultKindSchema }).optional(),
});
export type CallQualityView = z.infer<typeof callQualitySchema>;

const count = z.number().int().min(0).max(1e12);
const timeMs = z.number().min(0).max(1e9);

/** What a browser has counted of what it receives, since the call's media began. */
export const browserCountersSchema = z.strictObject({
  packets: count,
  lost: count,
  jitterMs: timeMs,
  roundTripMs: timeMs.optional(),
  concealedMs: timeMs.optional(),
  jitterBufferMs: timeMs.optional(),
});
export type BrowserCounters = z.infer<typeof browserCountersSchema>;

const directionQualitySchema = z.object({
  packets: z.number(),
  lost: z.number(),
  jitterMs: z.number(),
  maxJitterMs: z.number(),
  roundTripMs: z.number().optional(),
  concealedMs: z.number().optional(),
  jitterBufferMs: z.number().optional(),
  worstMos: z.number(),
  worstRFactor: z.number(),
  meanMos: z.number(),
  /** Share of the time with a MOS below 3.6. */
  poorPercent: z.number(),
});
export type DirectionQualityView = z.infer<typeof directionQualitySchema>;

/** One leg, over its whole time. */
export const legQualitySchema = z.object({
  role: roleSchema,
  id: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  codec: z.string().optional(),
  heard: directionQualitySchema.optional(),
  sent: directionQualitySchema.optional(),
  sentBy: z.enum(['rtcp', 'browser']).optional(),
});

export const soundFaultSchema = z.object({
  atMs: z.number(),
  endedAtMs: z.number().optional(),
  role: roleSchema,
  id: z.string(),
  kind: soundFaultKindSchema,
});
