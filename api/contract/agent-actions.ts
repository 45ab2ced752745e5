/** What supervisors and administrators make of an agent's seat. */
import { z } from 'zod';
import { CHOSEN_NOT_READY_REASONS } from './common';

/** Body of `POST /agents/{agentId}/actions`. */
export const agentActionSchema = z.discriminatedUnion('do', [
  /** Not ready; during a call or wrap-up, from its end on. The agent may become ready again. */
  z.strictObject({ do: z.literal('not-ready'), reason: z.enum(CHOSEN_NOT_READY_REASONS) }),
  /**
   * Locks the seat. `stays`: the agent remains signed in; `ends-when-free`: until call and wrap-up are over; `ends`: is
   * signed out at once, and a customer goes back to the queue.
   */
  z.strictObject({
    do: z.literal('lock'),
    session: z.enum(['stays', 'ends-when-free', 'ends']).default('stays'),
  }),
  z.strictObject({ do: z.literal('unlock') }),
  /** By a minute. */
  z.strictObject({ do: z.literal('extend-wrap-up') }),
  z.strictObject({ do: z.literal('end-wrap-up') }),
]);
export type AgentAction = z.input<typeof agentActionSchema>;
