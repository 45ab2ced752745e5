/** What the history keeps of one customer contact, from its arrival to the end of wrap-up. Times are UTC milliseconds. */
import type {
  AgentId,
  ConferenceId,
  ContactId,
  InteractionId,
  QueueId,
  RecordingId,
  TrunkId,
  UserId,
} from '../base/ids';
import type { ConferenceRole } from './conference-rooms';
import type { QueueNote } from './queue-notes';
import type { RecordingMode } from './recording-policies';

export type SegmentKind = 'flow' | 'queue' | 'ringing' | 'talk' | 'hold' | 'consult' | 'conference' | 'wrap-up';

/** A stretch with one purpose; the segments of a call follow each other without gaps. */
export interface Segment {
  kind: SegmentKind;
  startedAtMs: number;
  endedAtMs?: number;
  queueId?: QueueId;
  agentId?: AgentId;
  detail?: string;
}

export interface Party {
  /**
   * `called`: the extension or number that the caller was put through to; `other`: whom the customer was transferred to
   * outside.
   */
  role: 'caller' | 'agent' | 'called' | 'supervisor' | 'other';
  id: string;
  joinedAtMs: number;
  leftAtMs?: number;
}

export interface Outcome {
  result: 'answered' | 'abandoned' | 'rejected' | 'failed';
  /** Machine-readable, lower case with hyphens. */
  reason: string;
  /** Whose doing the end was. */
  party: 'caller' | 'agent' | 'called' | 'system' | 'carrier';
}

export interface RecordingEntry {
  /** Counts from 1 within the interaction. */
  n: number;
  recordingId: RecordingId;
  /** Relative to the folder of recordings. */
  path: string;
  startedAtMs: number;
  durationMs: number;
  /** Who is heard on which channel, first to last. */
  channels: ['caller', 'agent'] | ['room', 'room'];
  sizeBytes: number;
  /** Left for a queue by the caller, who was sent to its mailbox; false: too short to be one. */
  isMessage?: boolean;
  /** Every agent who is heard in it, in the order of their coming. */
  agentIds?: AgentId[];
  /** When both channels were silent on purpose. */
  silences?: RecordingSilence[];
  /** How long it is kept; left out, as the configuration says. */
  retentionDays?: number;
}

/** `masked`: something was said or keyed that must be kept nowhere. */
export interface RecordingSilence {
  kind: 'paused' | 'masked';
  fromMs: number;
  toMs?: number;
}

/** Whose doing a change of the recording was. */
export type RecordingActor =
  | { kind: 'agent'; id: AgentId }
  | { kind: 'supervisor'; id: string }
  /** Whoever directs a conference by keys; by number. */
  | { kind: 'moderator'; id: string }
  /** The flow's step. */
  | { kind: 'flow'; id: string }
  /** Absent id: what holds without any policy. */
  | { kind: 'policy'; id?: string }
  /** The time of a pause or a mask was over. */
  | { kind: 'time' }
  /** The call changed in such a way that a mask had no meaning any more. */
  | { kind: 'system' };

export interface RecordingAct {
  atMs: number;
  act: 'start' | 'stop' | 'pause' | 'resume' | 'mask' | 'unmask';
  by: RecordingActor;
  /** The recording's number, where there was one. */
  n?: number;
}

/** The policy that decided last whether the call is recorded. */
export interface AppliedRecordingPolicy {
  /** Absent: none is set for the call. */
  id?: string;
  /** What of the call it is about. */
  by: 'agent' | 'number' | 'queue' | 'trunk' | 'phone' | 'room' | 'default' | 'built-in';
  mode: RecordingMode;
  /** Whether the call is in the sample; absent where all are recorded or none. */
  sampled?: boolean;
}

export interface WrapUp {
  note: string;
  disposition?: string;
  agentId: AgentId;
  endedAtMs: number;
}

/** Where a call came from, kept so that it can be traced later. */
export interface CallTrace {
  sipCallId: string;
  /** Transport, address and port, such as `udp:192.0.2.1:5060`. */
  source: string;
  /** Headers of the INVITE that tell who called, by lower-case name. */
  headers: Record<string, string>;
}

/** Call data of another switch (RFC 7433). */
export interface UserToUserEntry {
  data: string;
  encoding: string;
  purpose: string;
  content?: string;
}

/** Whom a customer was to be transferred to. */
export type TransferredTo =
  | { kind: 'agent'; id: AgentId }
  | { kind: 'queue'; id: QueueId }
  /** A number of ours that leads to a flow, or one outside. */
  | { kind: 'flow' | 'outside'; id: string };

export interface Transfer {
  atMs: number;
  /** `attended`: the agent had talked with the other side, or let it ring, before. */
  kind: 'blind' | 'attended';
  /** The agent who did it. */
  byAgentId?: AgentId;
  /** The phone that did it, by SIP's REFER. Without either the customer's side did. */
  byExtension?: string;
  to: TransferredTo;
  /** What became of it, once that is known: `returned` to the agent or the queue that the customer came from. */
  result?: 'completed' | 'returned' | 'failed';
}

/** A supervisor was with the call. */
export interface SupervisionEntry {
  id: string;
  userId: UserId;
  userName: string;
  displayName: string;
  startedAtMs: number;
  endedAtMs?: number;
  /** From when on in which mode, oldest first. */
  modes: { atMs: number; mode: 'monitor' | 'whisper' | 'barge' }[];
  /** When the supervisor took the call over. */
  interceptedAtMs?: number;
}

/** The call's stay in a conference room. */
export interface ConferenceStay {
  roomId: string;
  /** The same for everybody who was in this conference. */
  conferenceId: ConferenceId;
  role: ConferenceRole;
  joinedAtMs: number;
  leftAtMs?: number;
  /** Who else was there meanwhile, who spoke before who listened; a hundred at most. */
  others: { number: string; name?: string; role: ConferenceRole }[];
}

/** How a voice arrived over a leg's whole time; it was rated every five seconds. */
export interface DirectionQuality {
  packets: number;
  lost: number;
  /** Mean and highest, in milliseconds. */
  jitterMs: number;
  maxJitterMs: number;
  /** The last one that was measured. */
  roundTripMs?: number;
  /** Sound that had to be made up. */
  concealedMs?: number;
  jitterBufferMs?: number;
  /** MOS 1 to 4.41 and R 0 to 93.2, by the E-model (ITU-T G.107). */
  worstMos: number;
  worstRFactor: number;
  meanMos: number;
  /** Share of the time with a MOS below 3.6. */
  poorPercent: number;
}

export interface LegQuality {
  role: Party['role'];
  id: string;
  fromMs: number;
  toMs: number;
  codec?: string;
  /** The party's voice as we received it. */
  heard?: DirectionQuality;
  /** Ours as the party received it. */
  sent?: DirectionQuality;
  /** Who has counted that: RTCP's reports, or the party's browser. */
  sentBy?: 'rtcp' | 'browser';
}

/** `silence`: packets came, but with nothing in them except digital silence. */
export type SoundFaultKind = 'no-packets' | 'silence';

/** In a conversation nothing was heard of a party, while the other one was. */
export interface SoundFault {
  atMs: number;
  endedAtMs?: number;
  role: Party['role'];
  id: string;
  kind: SoundFaultKind;
}

/** Who, or what, was heard to be there. */
export interface DetectionEntry {
  atMs: number;
  role: Party['role'];
  id: string;
  heard: 'human' | 'machine' | 'not-sure' | 'fax';
  /** The fax machine's tone, or by what a person was told from a machine. */
  detail: string;
}

/** How the caller's wait for the first voice went, be it an announcement, music or a person. */
export interface VoiceAnswer {
  /** From the arrival at the SIP server; absent as long as nothing was heard. */
  waitMs?: number;
  /** It took longer than it may. */
  late?: true;
}

export interface Interaction {
  _id: InteractionId;
  channel: 'voice';
  direction: 'inbound' | 'outbound' | 'internal';
  startedAtMs: number;
  answeredAtMs?: number;
  voiceAnswer?: VoiceAnswer;
  endedAtMs?: number;
  caller: { number: string; displayName?: string };
  called: { number: string };
  trunkId?: TrunkId;
  queueId?: QueueId;
  /** As the ACD knows it; its decisions are asked for by this id. */
  contactId?: ContactId;
  /** The agent who talked last. */
  agentId?: AgentId;
  /** Digits that the caller pressed in the flow. */
  digits: string[];
  language?: string;
  /** What flows, look-ups and other systems have said about the call, by name. */
  data?: Record<string, string>;
  userToUser?: UserToUserEntry[];
  trace?: CallTrace;
  /** The interaction that another switch, or we, handed over. */
  previous?: { interactionId?: string; site?: string };
  /** The SIP Call-IDs of its legs, by which their messages are found. */
  sipCallIds?: string[];
  segments: Segment[];
  parties: Party[];
  outcome?: Outcome;
  recordings: RecordingEntry[];
  recordingPolicy?: AppliedRecordingPolicy;
  /** Who started, stopped, paused and masked, oldest first. */
  recordingActs?: RecordingAct[];
  /** Of a call to a customer who had asked for it: which attempt it is, and when the customer came into the queue. */
  callback?: { attempt: number; arrivedAtMs: number };
  transfers?: Transfer[];
  /** What befell the customer in queues beside waiting, oldest first. */
  queueNotes?: QueueNote[];
  supervisions?: SupervisionEntry[];
  conferences?: ConferenceStay[];
  /** Of each leg that has ended. */
  quality?: LegQuality[];
  soundFaults?: SoundFault[];
  detections?: DetectionEntry[];
  /** Who answered what was dialled for the caller; the last one, where it was tried more than once. */
  answeredBy?: DetectionEntry['heard'];
  /** The last agent's. */
  wrapUp?: WrapUp;
  /** Of the agents who transferred the call, oldest first. */
  earlierWrapUps?: WrapUp[];
}
