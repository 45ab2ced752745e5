/** What the api (and whoever else stands above) sees of calls: desks of agents, queues, and what happens on them. */
import type { NotReadyReason } from '../acd/core/model';
import type { QueueFigures } from '../acd/metrics';
import type { Detect } from '../base/detect';
import type { AgentId, CallId, InteractionId, QueueId } from '../base/ids';
import type { Result } from '../base/result';
import type { SupervisionView, TeamCall } from './supervision-ports';
import type { Party, SoundFault } from '../store/interaction';
import type { Station, StationKind } from '../store/stations';
import type { VoiceCounters } from './direction-figures';
import type { LiveLeg } from './leg-figures';
import type { RecordingRight } from '../store/recording-policies';
import type { AgentOrder } from './direct-agent';
import type { RecordingAction, RecordingOrder } from './recording-control';
import type { TransferTarget } from './third-party';

export type DeskAgentState = 'signed-out' | 'not-ready' | 'ready' | 'offered' | 'busy' | 'wrap-up';

export type DeskNotReadyReason = NotReadyReason;

export type DeskNextState =
  { readonly state: 'ready' | 'signed-out' } | { readonly state: 'not-ready'; readonly reason: DeskNotReadyReason };

export interface DeskAgent {
  readonly agentId: AgentId;
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  readonly extension: string;
  readonly state: DeskAgentState;
  readonly notReadyReason?: DeskNotReadyReason | undefined;
  /** With a contact: what the agent will be after it. */
  readonly next?: DeskNextState | undefined;
  readonly sinceMs: number;
  readonly deviceRegistered: boolean;
  /** Where the agent hears. */
  readonly station: Station;
  /** What the agent may choose. */
  readonly stations: StationKind[];
  readonly wrapUpUntilMs?: number | undefined;
  /** By a supervisor, who alone can unlock the seat. */
  readonly locked?: boolean | undefined;
}

export interface DeskCall {
  readonly callId: CallId;
  readonly interactionId: InteractionId;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  /** `consulting`: with the party in `consult`, or waiting for it, while the customer waits. */
  readonly state: 'ringing' | 'connected' | 'held' | 'consulting' | 'wrap-up' | 'ended';
  readonly number: string;
  readonly displayName?: string | undefined;
  readonly displayNameZh?: string | undefined;
  readonly dialledNumber: string;
  readonly queueId?: QueueId | undefined;
  readonly queueName?: string | undefined;
  readonly queueNameZh?: string | undefined;
  readonly digits: string[];
  readonly language?: string | undefined;
  readonly waitedMs?: number | undefined;
  readonly startedAtMs: number;
  readonly answeredAtMs?: number | undefined;
  readonly endedAtMs?: number | undefined;
  readonly muted: boolean;
  /** Where this agent hears the call, if not by the browser. */
  readonly station?: Station | undefined;
  readonly recording: boolean;
  /** Absent on calls that are over. */
  readonly recordingState?: DeskRecording | undefined;
  readonly endReason?: string | undefined;
  /** Why whom this agent dialled was not reached, such as `busy`: while it is told, and when the call has ended. */
  readonly dialFailure?: string | undefined;
  /** While it rings: after how long the agent's browser is to answer by itself. */
  readonly autoAnswerMs?: number | undefined;
  /** The customer's side has put us on hold. */
  readonly customerHolds?: boolean | undefined;
  /** What the customer's side was heard to be, if anybody has listened. */
  readonly heard?: DeskHeard | undefined;
  /** Who has hung up and may come back, and until when. */
  readonly left?: { readonly party: 'agent' | 'caller'; readonly untilMs: number } | undefined;
  /** A supervisor is with the call; absent where agents are not to know. */
  readonly supervised?: boolean | undefined;
  /** Whom this agent consults, or has on hold beside the customer. */
  readonly consult?: DeskConsult | undefined;
  /** Where more than two talk: everybody but this agent. */
  readonly parties?: DeskParty[] | undefined;
  /** The customer has asked to be called back, and is called when the agent has accepted. */
  readonly callback?:
    { readonly attempt: number; readonly arrivedAtMs: number; readonly accepted: boolean } | undefined;
  /** This agent is the one who is consulted, by the party in `number`. */
  readonly consulted?: boolean | undefined;
  /** Why the last consultation or transfer did not come about. */
  readonly consultFailure?: string | undefined;
}

/** Who, or what, is at the other end. */
export interface DeskHeard {
  readonly what: 'human' | 'machine' | 'not-sure' | 'fax';
  readonly atMs: number;
  /** Of a machine: its greeting is over, it records. */
  readonly awaitsMessage?: boolean | undefined;
}

/** How a call is recorded at the moment, and what this agent may do about it. */
export interface DeskRecording {
  /** `masked`, which may be without a recording too: keys of the customer reach nobody, and nothing is kept. */
  readonly state: 'off' | 'on' | 'paused' | 'masked';
  /** Whether there is a recording, silent or not. */
  readonly recorded: boolean;
  /** When a pause or a mask ends by itself. */
  readonly untilMs?: number | undefined;
  /** While masked: how many keys the customer has pressed. */
  readonly keys?: number | undefined;
  readonly may: RecordingRight[];
}

export interface DeskConsult {
  readonly state: 'waiting' | 'ringing' | 'connected' | 'held';
  readonly kind: 'agent' | 'queue' | 'number';
  /** Number or extension; absent while a queue looks for somebody. */
  readonly number?: string | undefined;
  readonly name?: string | undefined;
  readonly nameZh?: string | undefined;
}

/** Somebody in a call of more than two. */
export interface DeskParty {
  readonly partyId: string;
  readonly kind: 'customer' | 'agent' | 'number';
  /** Number or extension. */
  readonly number: string;
  readonly name?: string | undefined;
  readonly nameZh?: string | undefined;
  /** Whether this agent may let the party go. */
  readonly mayDrop: boolean;
}

export interface DeskQueue {
  readonly queueId: QueueId;
  readonly name: string;
  readonly nameZh?: string | undefined;
  readonly waiting: number;
  readonly oldestWaitingSinceMs?: number | undefined;
  readonly agentsReady: number;
  readonly agentsBusy: number;
  /** Outside its hours. */
  readonly closed?: boolean | undefined;
  readonly agentsSignedIn?: number | undefined;
  /** Of the contacts that have arrived within the last half hour and wait no more. */
  readonly figures?: QueueFigures | undefined;
}

export type DeskEvent =
  | { readonly type: 'agent'; readonly agent: DeskAgent }
  /** A call of that agent began or changed; state `ended` is its last. */
  | { readonly type: 'call'; readonly agentId: AgentId; readonly call: DeskCall; readonly team: TeamCall }
  | { readonly type: 'supervision'; readonly supervision: SupervisionView }
  | { readonly type: 'queues'; readonly queues: DeskQueue[] }
  | { readonly type: 'quality'; readonly calls: readonly CallQuality[] }
  /** `agentIds`: the agents in whose histories it is. */
  | { readonly type: 'interaction'; readonly interactionId: InteractionId; readonly agentIds: readonly string[] };

/** How an agent's call sounds at the moment; told every five seconds, and when one side is heard no more, or again. */
export interface CallQuality {
  readonly callId: CallId;
  readonly agentIds: readonly AgentId[];
  readonly legs: readonly ({ readonly role: Party['role']; readonly id: string } & LiveLeg)[];
  /** Whose sound does not arrive, though the other one's does. */
  readonly fault: Pick<SoundFault, 'role' | 'id' | 'kind'> | undefined;
}

export interface DeskSnapshot {
  readonly agent: DeskAgent | undefined;
  readonly calls: DeskCall[];
  readonly queues: DeskQueue[];
}

export type DeskCommand =
  | { readonly command: 'ready' }
  | { readonly command: 'not-ready'; readonly reason: DeskNotReadyReason }
  /** As soon as call and wrap-up are over; taken back by `ready`, `not-ready` and by signing in again. */
  | { readonly command: 'sign-out' }
  /** From the next call on. */
  | { readonly command: 'station'; readonly station: Station }
  /** Gives the wrap-up more time. */
  | { readonly command: 'extend-wrap-up'; readonly callId: CallId }
  /** `detect`: what is listened for after the answer; as the trunk says when absent. */
  | { readonly command: 'dial'; readonly number: string; readonly detect?: Detect | undefined }
  | { readonly command: 'hold' | 'resume' | 'mute' | 'unmute' | 'hang-up'; readonly callId: CallId }
  | { readonly command: 'transfer' | 'consult'; readonly callId: CallId; readonly target: TransferTarget }
  | {
      readonly command: 'toggle-consult' | 'complete-transfer' | 'cancel-consult' | 'merge-consult' | 'leave-call';
      readonly callId: CallId;
    }
  | { readonly command: 'drop-party'; readonly callId: CallId; readonly partyId: string }
  | { readonly command: 'recording'; readonly callId: CallId; readonly action: RecordingAction }
  /** Says the own number, or these digits, to both parties. */
  | { readonly command: 'announce'; readonly callId: CallId; readonly digits?: string | undefined }
  | { readonly command: 'report-quality'; readonly callId: CallId; readonly counters: VoiceCounters }
  | { readonly command: 'send-digits'; readonly callId: CallId; readonly digits: string }
  | {
      readonly command: 'wrap-up-done';
      readonly callId: CallId;
      readonly note: string;
      readonly disposition?: string | undefined;
    };

/** The agents' desks: one per agent, whatever stands in front of it (a browser, a program over the API). */
export interface Desks {
  /** The agent's session begins: not ready until the agent says so. Signing in again keeps calls and state. */
  signIn(agentId: AgentId): Result<void>;
  /** The agent's session ends; refused with `conflict` while a call or wrap-up is open. */
  signOut(agentId: AgentId): Result<void>;
  perform(agentId: AgentId, command: DeskCommand): Promise<Result<void>>;
  snapshot(agentId: AgentId | undefined): DeskSnapshot;
  /** For those who have not the call at their desk; by its id or its interaction's. Errors: as of the command, and `not_found`. */
  record(callId: string, order: RecordingOrder): Promise<Result<{ readonly interactionId: InteractionId }>>;
  /** For those who lead the agents. Errors: `not_found`, `conflict`. */
  direct(agentId: AgentId, order: AgentOrder): Promise<Result<void>>;
  /** All agents, for supervisors. */
  agents(): DeskAgent[];
  onEvent(listener: (event: DeskEvent) => void): () => void;
}
