/** Recordings over REST: how they are found, looked after and proved. */
import { z } from 'zod';

export const legalHoldSchema = z.object({
  reason: z.string(),
  byUserName: z.string(),
  atMs: z.number(),
});

export const recordingViewSchema = z.object({
  id: z.string(),
  interactionId: z.string(),
  /** Counts from 1 within the interaction. */
  n: z.number().int(),
  startedAtMs: z.number(),
  /** As long as it runs, 0. */
  durationMs: z.number(),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  caller: z.string(),
  called: z.string(),
  /** Every agent who took part. */
  agentIds: z.array(z.string()),
  queueId: z.string().optional(),
  trunkId: z.string().optional(),
  /** `new`: not in the manifest yet. `lost`: its file was not there when it had ended. */
  state: z.enum(['new', 'kept', 'lost', 'deleted']),
  storage: z.enum(['disk', 's3']).optional(),
  /** Of the file that was kept, in hexadecimal. */
  sha256: z.string().optional(),
  hold: legalHoldSchema.optional(),
  /** Left for the queue by the caller. */
  isMessage: z.boolean().optional(),
  /** Who has heard the message. */
  heard: z.object({ byUserName: z.string(), atMs: z.number() }).optional(),
  deletedAtMs: z.number().optional(),
});
export type RecordingView = z.infer<typeof recordingViewSchema>;

/** `GET /recordings`: agents find their own; supervisors and administrators all. */
export const recordingQuerySchema = z.strictObject({
  fromMs: z.coerce.number().int().nonnegative().optional(),
  toMs: z.coerce.number().int().nonnegative().optional(),
  agentId: z.string().max(64).optional(),
  /** An agent, an extension or a number that took part. */
  partyId: z.string().max(64).optional(),
  queueId: z.string().max(64).optional(),
  trunkId: z.string().max(64).optional(),
  /** Part of the caller's or the called number. */
  number: z.string().max(32).optional(),
  direction: z.enum(['inbound', 'outbound', 'internal']).optional(),
  state: z.enum(['new', 'kept', 'lost', 'deleted']).optional(),
  /** Whether somebody holds it. */
  held: z.stringbool().optional(),
  /** Messages alone: all, those that nobody has heard yet, or the others. */
  messages: z.enum(['all', 'new', 'heard']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(256).optional(),
});
export type RecordingQuery = z.infer<typeof recordingQuerySchema>;

export const recordingPageSchema = z.object({
  items: z.array(recordingViewSchema),
  nextCursor: z.string().optional(),
});
export type RecordingPageView = z.infer<typeof recordingPageSchema>;

/** `stereo`: the caller left, the agent right. `mono`: both in one track. The others: one party alone. */
export const audioQuerySchema = z.strictObject({
  mix: z.enum(['stereo', 'mono', 'caller', 'agent']).default('stereo'),
});

export const peaksQuerySchema = z.strictObject({
  points: z.coerce.number().int().min(1).max(5000).default(600),
});

export const peaksSchema = z.object({
  durationMs: z.number(),
  /** For each channel the loudest sample of each stretch, 0 to 1. */
  channels: z.array(z.array(z.number())),
});
export type PeaksView = z.infer<typeof peaksSchema>;

export const holdBodySchema = z.strictObject({ reason: z.string().trim().min(3).max(500) });

export const manifestQuerySchema = z.strictObject({
  /** The entry of the manifest to begin with. */
  from: z.coerce.number().int().min(1).default(1),
  /** Entries, and files that are read for them, in one request. */
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const verifyQuerySchema = manifestQuerySchema.extend({
  /** `nextKey` of the reply before: entries have been looked at, the files behind this one are next. */
  after: z.string().max(400).optional(),
});

export const verificationSchema = z.object({
  entries: z.number(),
  files: z.number(),
  faults: z.array(
    z.object({
      kind: z.enum([
        'entry-changed',
        'entries-missing',
        'end-changed',
        'file-missing',
        'file-changed',
        'file-unknown',
        'file-unreadable',
      ]),
      message: z.string(),
      seq: z.number().optional(),
      recordingId: z.string().optional(),
      key: z.string().optional(),
    }),
  ),
  /** Where to go on; absent at the end. */
  nextSeq: z.number().optional(),
  /** After the last entry: where to go on with the files; absent at the end. */
  nextKey: z.string().optional(),
  /** The last entry: kept elsewhere, it vouches for all before it. */
  head: z.object({ seq: z.number(), hash: z.string() }).optional(),
});
export type VerificationView = z.infer<typeof verificationSchema>;

export const manifestSchema = z.object({
  items: z.array(
    z.object({
      seq: z.number(),
      atMs: z.number(),
      kind: z.enum(['kept', 'deleted']),
      recordingId: z.string(),
      key: z.string(),
      fileBytes: z.number(),
      sha256: z.string(),
      startedAtMs: z.number(),
      durationMs: z.number(),
      previous: z.string(),
      hash: z.string(),
    }),
  ),
  nextSeq: z.number().optional(),
});
