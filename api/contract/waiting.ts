/** Contacts that wait in queues, for those who lead the agents. Times are milliseconds since 1970 (UTC). */
import { z } from 'zod';

export const waitingContactSchema = z.object({
  contactId: z.string(),
  queueId: z.string(),
  /** `callback`: nobody is on the line; `consult`: an agent asks the queue. */
  kind: z.enum(['caller', 'callback', 'consult']),
  /** `resting`: a callback that is tried again at `againAtMs`. */
  state: z.enum(['waiting', 'offered', 'resting']),
  number: z.string(),
  displayName: z.string().optional(),
  language: z.string().optional(),
  /** Since when it has its place. */
  arrivedAtMs: z.number(),
  priority: z.number(),
  /** 1 is next. */
  position: z.number().optional(),
  /** Whose telephones ring for it. */
  agentIds: z.array(z.string()),
  againAtMs: z.number().optional(),
  interactionId: z.string().optional(),
});
export type WaitingContactView = z.infer<typeof waitingContactSchema>;

export const waitingListSchema = z.object({ items: z.array(waitingContactSchema) });

/** Body of `POST /contacts/{contactId}/actions`. */
export const contactActionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('prioritise'), priority: z.number().int().min(0).max(100) }),
  /** To another queue, with the place by time of arrival. */
  z.strictObject({ do: z.literal('move'), queueId: z.string().min(1).max(64) }),
  /** To an agent who is free, whatever the order and the skills. */
  z.strictObject({ do: z.literal('assign'), agentId: z.string().min(1).max(64) }),
  /** A caller hears that nobody is there, and is let go; a callback is not made. */
  z.strictObject({ do: z.literal('remove') }),
]);
export type ContactAction = z.infer<typeof contactActionSchema>;
