/** What happened to a customer in queues beside waiting, as the history shows it. */
import { z } from 'zod';

const because = z.enum(['closed', 'no-agents', 'length', 'expected-wait', 'waited']);
const by = z.object({ userId: z.string(), displayName: z.string() });
const atMs = z.number();

/** The range that the customer was told, and the wait than which half were expected to be shorter. */
const toldWait = z.object({ fromMs: z.number(), toMs: z.number(), likelyMs: z.number() });

export const queueNoteSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('overflowed'), atMs, from: z.string(), to: z.string(), because }),
  z.object({
    kind: z.literal('diverted'),
    atMs,
    queueId: z.string(),
    to: z.object({
      kind: z.enum(['flow', 'number', 'voicemail', 'message', 'end']),
      target: z.string().optional(),
    }),
    because,
  }),
  /** What the customer was told about the wait. */
  z.object({
    kind: z.literal('told'),
    atMs,
    queueId: z.string(),
    position: z.number().optional(),
    wait: toldWait.optional(),
  }),
  z.object({
    kind: z.literal('callback-requested'),
    atMs,
    queueId: z.string(),
    number: z.string(),
    by: z.enum(['caller', 'flow', 'queue']),
  }),
  /** The customer was called back and not reached; without a time it was the last attempt. */
  z.object({ kind: z.literal('callback-failed'), atMs, againAtMs: z.number().optional() }),
  /** Outside of the hours in which the customer may be called, before an agent had the callback. */
  z.object({ kind: z.literal('callback-rests'), atMs, untilMs: z.number() }),
  /** The place of an earlier call of the same customer was taken over. */
  z.object({
    kind: z.literal('place-restored'),
    atMs,
    queueId: z.string(),
    since: z.enum(['dropped', 'callback']),
    arrivedAtMs: z.number(),
  }),
  z.object({ kind: z.literal('prioritised'), atMs, by, priority: z.number() }),
  z.object({ kind: z.literal('moved'), atMs, by, from: z.string(), to: z.string() }),
  z.object({ kind: z.literal('assigned'), atMs, by, agentId: z.string() }),
  z.object({ kind: z.literal('removed'), atMs, by, queueId: z.string() }),
]);
export type QueueNoteView = z.infer<typeof queueNoteSchema>;

/** Names for the ids that stand in notes. */
export const namedSchema = z.object({ id: z.string(), name: z.string(), nameZh: z.string().optional() });
export type Named = z.infer<typeof namedSchema>;
