/** One call: its legs, its phase and its log. What is done with it stands in the files named after the acts. */
import type { ContactAttributes } from '../acd/core/model';
import type { Timer } from '../base/clock';
import type { Detect } from '../base/detect';
import { newId } from '../base/ids';
import type { AgentId, CallId, ContactId, EndpointId, PlayId, QueueId, RecordingId } from '../base/ids';
import type { AudioCodec, DtmfMode } from '../media/ports';
import type { FlowDocument } from '../flows/document';
import { Variables } from '../flows/variables';
import type { EarlyDialog, IncomingInvite, OutgoingCall, SipDialog } from '../signaling/ports';
import type { AlsoRinging } from './also-ringing';
import type { HeldAnswer } from './hold-on';
import type { InteractionLog } from './interaction-log';
import type { FlowState } from '../flows/interpreter';
import type { RecentKeys } from './recent-keys';
import type { AnswerMode } from '../store/answer-modes';
import type { RecordingMask } from './recording-mask';
import type { RecordingTerms } from './recording-terms';
import type { ReleaseMode } from '../store/release-modes';
import type { Station } from '../store/stations';
import type { Screening } from './screen-answer';
import type { HeardInCall, TalkListening } from './listen-in-talk';
import type { LegOwner } from './leg-owner';
import { Joint } from './joint';
import { movePhase } from './phase';
import type { CallPhase } from './phase';
import type { ReopenedEndpoint } from './recover-media';
import type { Supervisor } from './supervisor';
import type { ThirdParty } from './third-party';
import type { Visit } from './conference/visit';

/** One party: a media endpoint and, once answered, a SIP dialog. */
export interface Leg {
  readonly endpointId: EndpointId;
  codec: AudioCodec | undefined;
  dialog: SipDialog | undefined;
  /** The dialog that our answer, which may be on its way, makes; as signaling describes it. */
  dialogAhead?: unknown;
  /** How its digits travel; as its endpoint was opened. */
  dtmf?: DtmfMode | undefined;
  /** It holds us: its last re-INVITE said so. */
  holdsUs?: boolean;
  /** What the party has pressed lately. */
  keys?: RecentKeys;
  /** Ends when all keys that were typed for the party so far are out. */
  sending?: Promise<void>;
  /** Its media are connected, or have been. */
  isConnected?: boolean;
  /** The INVITE of ours that has no final answer yet. */
  outgoing: OutgoingCall | undefined;
  /** Who is there, once that is known. */
  owner?: LegOwner | undefined;
  /** Its media were opened anew while it rang: what it is to be offered as soon as it has answered. */
  reopened?: ReopenedEndpoint;
  /** Of one that rings with sound: whether that has paused for as long as a ringing tone does. */
  earlySound?: 'steady' | 'pausing' | undefined;
  /** It is a call outside, for which this account pays since the answer. */
  counted?: { readonly account: string; readonly number: string; readonly answeredAtMs: number };
  /** Its telephones that ring. */
  ringing?: readonly EarlyDialog[];
  /** Of an agent who does not hear by the browser. */
  station?: Exclude<Station, { kind: 'browser' }>;
  /** Takes the party's keys, which are for nobody else then. */
  onKey?: (digit: string) => Promise<void>;
}

export interface AgentLeg extends Leg {
  readonly agentId: AgentId;
  muted: boolean;
}

/** A party that nobody has called yet, with an endpoint that is still to be opened. */
export const newLeg = (): Leg => ({
  endpointId: newId<EndpointId>(),
  codec: undefined,
  dialog: undefined,
  outgoing: undefined,
});

export const newAgentLeg = (agentId: AgentId): AgentLeg => ({ ...newLeg(), agentId, muted: false });

/** Who was called for the customer and is no agent of the ACD's: a phone, another exchange, a number outside. */
export interface PeerLeg extends Leg {
  /** What a caller who has been answered already hears while it rings. */
  ringBack?: PlayId;
  /** As it was dialled. */
  readonly number: string;
  /** The phone's extension, when it is one of ours. */
  readonly extension: string | undefined;
}

/** The agent whom another agent calls; that browser is the call's `customer`. */
export interface Colleague {
  readonly agentId: AgentId;
  /** By which the ACD knows that this agent is busy too. */
  readonly contactId: ContactId;
  muted: boolean;
}

export interface ActiveRecording {
  readonly recordingId: RecordingId;
  readonly n: number;
}

export interface CallIdentity {
  readonly callId: CallId;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  /** The number of the party outside. */
  readonly number: string;
  readonly displayName: string | undefined;
  readonly dialledNumber: string;
  readonly startedAtMs: number;
  /** The calling phone's extension, when it is one of ours. */
  readonly callerExtension?: string | undefined;
  /** The agent whose own call this is. */
  readonly dialledBy?: AgentId | undefined;
}

/** A customer who had asked for it is called, for an agent who has accepted. */
export interface CallbackAttempt {
  readonly number: string;
  /** From 1. */
  readonly attempt: number;
  /** When the customer came into the queue. */
  readonly arrivedAtMs: number;
  /** An agent has accepted: the customer is being called, or on the line. */
  accepted: boolean;
}

/** The caller's INVITE as long as it waits for its answer, with the SDP that the answer will carry. */
export interface WaitingInvite {
  readonly invite: IncomingInvite;
  readonly sdp: string;
}

export class Call {
  /** By which the ACD knows the call: the call's own id, but where an agent had been rung before it was this call's. */
  contactId: ContactId;
  incoming: WaitingInvite | undefined;
  /** The party outside; absent while an agent's own call has not been placed yet. */
  customer: Leg | undefined;
  agentLeg: AgentLeg | undefined;
  /** Agents who have answered and cannot be heard yet. */
  heldAnswers: readonly HeldAnswer[] = [];
  /** Further agents whom the queue rings at once. */
  alsoRinging: readonly AlsoRinging[] = [];
  /** Who is consulted, or is to have the customer. */
  third: ThirdParty | undefined;
  /** The party outside to whom the customer was transferred. */
  outside: Leg | undefined;
  /** The number of whom the customer's side has put through in its own place. */
  replacedBy: string | undefined;
  /** The customer's side has put us on hold. */
  customerHolds = false;
  /** By which the agent hears why whom it consulted was not reached. */
  agentTone: PlayId | undefined;
  /** Why the last consultation or transfer did not come about, for the agent to see. */
  thirdFailure: string | undefined;
  peer: PeerLeg | undefined;
  colleague: Colleague | undefined;
  /** The room that this call is made for: an agent dials it, or somebody is invited. */
  conferenceRoomId: string | undefined;
  /** How far the call is in a conference room. */
  visit: Visit | undefined;
  flow: FlowDocument | undefined;
  flowTimer: Timer | undefined;
  /** When that timer is over. */
  flowTimerAtMs: number | undefined;
  /** Where the flow was when it handed the call to the queue. */
  flowState: FlowState | undefined;
  /** The step with which the flow goes on when the agent has hung up. */
  afterAgent: string | undefined;
  /** What the flow says about who ends the call by hanging up. */
  ownRelease: { readonly mode?: ReleaseMode | undefined; readonly reanswerMs?: number | undefined } | undefined;
  /** What the ACD is to know of the caller, as the flow has it. */
  contactFacts: ContactAttributes = {};
  /** What the flow says about who answers at the agent's desk. */
  ownAnswer: { readonly mode?: AnswerMode | undefined; readonly delayMs?: number | undefined } | undefined;
  /** Runs while somebody who has hung up may come back. */
  reanswerTimer: Timer | undefined;
  /** What the flow knows by name. */
  variables = new Variables();
  /** What is to be listened for in the conversation; as the trunk says when absent. */
  detect: Detect | undefined;
  talkListening: TalkListening | undefined;
  /** What the customer's side was heard to be last. */
  heard: HeardInCall | undefined;
  /** Media listens to the caller, for the flow. */
  isListenedTo = false;
  /** The flow has gone to its step for fax machines. */
  faxHandled = false;
  /** Who has answered what the flow has dialled, while that is being found out. */
  screening: Screening | undefined;
  /** Steps of the flow in a row that waited for nothing. */
  hastySteps = 0;
  playId: PlayId | undefined;
  /** What the caller records as a prompt; with a path once it is there. */
  take: { readonly takeId: string; readonly path?: string } | undefined;
  recording: ActiveRecording | undefined;
  /** Whether it is to be recorded; undefined until that is asked first. */
  recordingTerms: RecordingTerms | undefined;
  /** Recording is paused, or what is said and keyed is to be kept nowhere. */
  recordingMask: RecordingMask | undefined;
  /** When the last mask ended. */
  maskedUntilMs: number | undefined;
  /** The parties have been told. */
  recordingAnnounced = false;
  recordingBeep: Timer | undefined;
  /** It could not be recorded, and is to be as soon as it can. */
  recordingRetry: Timer | undefined;
  queueId: QueueId | undefined;
  queuedAtMs: number | undefined;
  /** When the call came into a queue first: its place in line, wherever it has been meanwhile. */
  arrivedAtMs: number | undefined;
  /** As its flow has it. */
  priority = 0;
  /** What both hear when an agent is joined. */
  greeting: 'none' | 'agent-number' = 'none';
  /** Music on hold of this call's queue. */
  music = 'default';
  /** The play that is music, and where the next one begins that goes on with it. */
  musicPlayId: PlayId | undefined;
  musicFromMs: number | undefined;
  /** Runs while the caller waits in a queue that tells position and wait, or offers a callback. */
  announceTimer: Timer | undefined;
  /** When they are to be told next. */
  announceAtMs: number | undefined;
  /** The caller has been told which key asks for a callback. */
  callbackOffered = false;
  /** The number to be called back, as far as the caller has typed it; undefined while nobody types. */
  callbackDigits: string | undefined;
  callbackTimer: Timer | undefined;
  /** The caller will be called back: its contact is no longer this call's. */
  callbackPromised = false;
  /** This call is such a callback. */
  callback: CallbackAttempt | undefined;
  /** When agent and customer were joined first. */
  connectedAtMs: number | undefined;

  /** How its parties are joined. */
  readonly joint = new Joint();
  /** Who has joined customer and agent: more than two talk. */
  guests: readonly ThirdParty[] = [];
  supervisors: readonly Supervisor[] = [];

  private current: CallPhase;

  constructor(
    private about: CallIdentity,
    private story: InteractionLog,
    phase: CallPhase,
  ) {
    this.contactId = about.callId as string as ContactId;
    this.current = phase;
  }

  get identity(): CallIdentity {
    return this.about;
  }

  get log(): InteractionLog {
    return this.story;
  }

  /** Each call goes on as the other one's history, with the other one's customer: the two have changed places. */
  exchangeStory(other: Call): void {
    const [mine, theirs] = [this.about, other.about];
    this.about = { ...theirs, callId: mine.callId };
    other.about = { ...mine, callId: theirs.callId };
    [this.story, other.story] = [other.story, this.story];
    [this.recording, other.recording] = [other.recording, this.recording];
    [this.recordingTerms, other.recordingTerms] = [other.recordingTerms, this.recordingTerms];
    [this.replacedBy, other.replacedBy] = [other.replacedBy, this.replacedBy];
    [this.connectedAtMs, other.connectedAtMs] = [other.connectedAtMs, this.connectedAtMs];
  }

  /** Of a call that is over: who has still to write about it, does so in the history of the call that goes on. */
  writeInto(other: Call): void {
    this.story = other.story;
  }

  get callId(): CallId {
    return this.identity.callId;
  }

  get phase(): CallPhase {
    return this.current;
  }

  /** Throws an `InvariantError` when the move is illegal. */
  moveTo(phase: CallPhase): void {
    this.current = movePhase(this.current, phase);
  }
}
