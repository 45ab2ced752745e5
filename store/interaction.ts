/** The interaction as history keeps it: one customer contact from arrival to the end of wrap-up. */
import type { AgentId, InteractionId, QueueId, RecordingId, TrunkId } from '../base/ids';

export type SegmentKind = 'flow' | 'queue' | 'ringing' | 'talk' | 'hold' | 'consult' | 'wrap-up';

/** A stretch with one purpose. The segments before wrap-up follow one another without a gap. */
export interface Segment {
  kind: SegmentKind;
  startedAtMs: number;
  endedAtMs?: number;
  queueId?: QueueId;
  agentId?: AgentId;
  /** Such as the last step of a flow, or why ringing ended. */
  detail?: string;
}

export interface Party {
  role: 'caller' | 'agent' | 'supervisor';
  id: string;
  joinedAtMs: number;
  leftAtMs?: number;
}

export interface Outcome {
  result: 'answered' | 'abandoned' | 'rejected' | 'failed';
  reason: string;
  party: 'caller' | 'agent' | 'system' | 'carrier';
}

export interface RecordingEntry {
  /** Number within the interaction, from 1. */
  n: number;
  recordingId: RecordingId;
  /** Relative to the recordings folder. */
  path: string;
  startedAtMs: number;
  /** 0 while the recording runs. */
  durationMs: number;
  channels: ('caller' | 'agent')[];
  sizeBytes: number;
}

export interface WrapUp {
  note: string;
  disposition?: string;
  agentId: AgentId;
  endedAtMs: number;
}

/** Times are milliseconds since 1970 (UTC). */
export interface Interaction {
  _id: InteractionId;
  channel: 'voice';
  direction: 'inbound' | 'outbound' | 'internal';
  startedAtMs: number;
  answeredAtMs?: number;
  /** When the call was over; wrap-up may end later. */
  endedAtMs?: number;
  caller: { number: string; displayName?: string };
  called: { number: string };
  trunkId?: TrunkId;
  queueId?: QueueId;
  agentId?: AgentId;
  /** Keys pressed in the flow, in order. */
  digits: string[];
  language?: string;
  segments: Segment[];
  parties: Party[];
  outcome?: Outcome;
  recordings: RecordingEntry[];
  wrapUp?: WrapUp;
}
