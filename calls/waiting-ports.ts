/** What those who lead the agents see of contacts that wait, and may do about them. */
import type { AgentId, ContactId, InteractionId, QueueId } from '../base/ids';
import type { Result } from '../base/result';
import type { DirectedBy } from '../store/queue-notes';

export interface WaitingContact {
  readonly contactId: ContactId;
  readonly queueId: QueueId;
  /** `callback`: nobody is on the line; `consult`: an agent asks the queue. */
  readonly kind: 'caller' | 'callback' | 'consult';
  /** `resting`: a callback that is tried again later. */
  readonly state: 'waiting' | 'offered' | 'resting';
  readonly number: string;
  readonly displayName?: string | undefined;
  readonly language?: string | undefined;
  /** Since when it has its place. */
  readonly arrivedAtMs: number;
  /** Without the queue's own. */
  readonly priority: number;
  /** In the queue; 1 is next. Absent of one that rests. */
  readonly position?: number | undefined;
  /** Whose telephones ring for it. */
  readonly agentIds: readonly AgentId[];
  /** When a callback is tried again. */
  readonly againAtMs?: number | undefined;
  /** Absent while a callback waits. */
  readonly interactionId?: InteractionId | undefined;
}

export type ContactOrder =
  | { readonly do: 'prioritise'; readonly priority: number }
  /** With its place, by time of arrival. */
  | { readonly do: 'move'; readonly queueId: QueueId }
  /** To an agent who is free. */
  | { readonly do: 'assign'; readonly agentId: AgentId }
  /** A caller hears that nobody is there, and is let go; a callback is not made. */
  | { readonly do: 'remove' };

export interface WaitingDesk {
  /** In the order in which they are next, callbacks that rest last. */
  list(queueId?: QueueId): WaitingContact[];
  /** Errors: `not_found` when it waits no more; `conflict`, with the reason. */
  direct(contactId: ContactId, order: ContactOrder, by: DirectedBy): Promise<Result<void>>;
}
