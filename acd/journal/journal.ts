/**
 * What the ACD writes down so that it can go on after a crash and account for every decision: each event with its time,
 * numbered without gaps, and now and then the whole state. `store` keeps it.
 */
import type { AgentId, ContactId, QueueId } from '../../base/ids';
import type { JournalEntry } from '../core/explain';
import type { AcdSnapshot } from '../core/snapshot';

/** A decision as it was taken; its hash is `decisionHash`. */
export interface TakenDecision {
  readonly decision: number;
  readonly contactId: ContactId;
  readonly agentId: AgentId;
  readonly queueId: QueueId;
  readonly hash: string;
}

export interface JournalRecord extends JournalEntry {
  /** Counts from 1. */
  readonly n: number;
  /** What this event led to. */
  readonly decisions: readonly TakenDecision[];
  /** `stateHash` of the state after it; now and then. */
  readonly stateHash?: string | undefined;
}

/** The state after record `n`. */
export interface JournalSnapshot {
  readonly n: number;
  readonly atMs: number;
  readonly state: AcdSnapshot;
  /** `stateHash`. */
  readonly hash: string;
}

/** Where the journal is written. Both may be repeated with the same content, when nobody knows whether they arrived. */
export interface JournalSink {
  append(records: readonly JournalRecord[]): Promise<void>;
  saveSnapshot(snapshot: JournalSnapshot): Promise<void>;
}

export interface JournalReader {
  /** The latest one at or before record `n`, or of all. */
  latestSnapshot(n?: number): Promise<JournalSnapshot | undefined>;
  /** The number of the first record of this time or later; undefined when there is none. */
  firstAt(atMs: number): Promise<number | undefined>;
  /** In order; those after record `afterN`, up to and including `untilN`. */
  records(afterN: number, untilN?: number): AsyncIterable<JournalRecord>;
  /** The records with decisions about this contact, in order. */
  decisionsOf(contactId: ContactId): Promise<JournalRecord[]>;
}
