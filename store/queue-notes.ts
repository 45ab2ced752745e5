/** What happened to a customer in queues beside waiting, as the history keeps it. Times are UTC milliseconds. */
import type { AgentId, QueueId, UserId } from '../base/ids';

/** The kind of rule by which a queue has not kept a contact. */
export type OverflowCause = 'closed' | 'no-agents' | 'length' | 'expected-wait' | 'waited';

export interface DivertedTo {
  kind: 'flow' | 'number' | 'voicemail' | 'message' | 'end';
  /** Which one; absent of `end`. */
  target?: string;
}

export interface ToldWait {
  /** The range that the customer was told, rounded to what was said. */
  fromMs: number;
  toMs: number;
  /** Half of the waits were expected to be shorter. */
  likelyMs: number;
}

/** A supervisor by whom a contact was directed. */
export interface DirectedBy {
  userId: UserId;
  displayName: string;
}

export type QueueNote = { atMs: number } & (
  | { kind: 'overflowed'; from: QueueId; to: QueueId; because: OverflowCause }
  | { kind: 'diverted'; queueId: QueueId; to: DivertedTo; because: OverflowCause }
  /** What the customer was told. */
  | { kind: 'told'; queueId: QueueId; position?: number; wait?: ToldWait }
  | { kind: 'callback-requested'; queueId: QueueId; number: string; by: 'caller' | 'flow' | 'queue' }
  /** The customer was called back and not reached; without a time it was the last attempt. */
  | { kind: 'callback-failed'; againAtMs?: number }
  /** Outside of the hours in which the customer may be called, before an agent had the callback. */
  | { kind: 'callback-rests'; untilMs: number }
  /** The place of an earlier call of the same customer was taken over. */
  | { kind: 'place-restored'; queueId: QueueId; since: 'dropped' | 'callback'; arrivedAtMs: number }
  | { kind: 'prioritised'; by: DirectedBy; priority: number }
  | { kind: 'moved'; by: DirectedBy; from: QueueId; to: QueueId }
  | { kind: 'assigned'; by: DirectedBy; agentId: AgentId }
  | { kind: 'removed'; by: DirectedBy; queueId: QueueId }
);
