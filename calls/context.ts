/** What every act on a call needs, built once by the center and handed to each act as its first argument. */
import type { Clock } from '../base/clock';
import type { Detect } from '../base/detect';
import type { TypedEmitter } from '../base/emitter';
import { asId } from '../base/ids';
import type { AgentId, CallId, ContactId, EndpointId, QueueId, SupervisionId } from '../base/ids';
import type { Logger } from '../base/log';
import type { Result } from '../base/result';
import type { KeyedSerialQueue } from '../base/serial-queue';
import type { AcdEvent, AcdState } from '../acd/core/model';
import type { FlowDocument } from '../flows/document';
import type { AudioCodec, DtmfMode, MediaPort, MusicStream, SrtpPolicy } from '../media/ports';
import type { SignalingPort } from '../signaling/ports';
import type { ConferenceRoom } from '../store/conference-rooms';
import type { Interaction } from '../store/interaction';
import type { WaitingTerms } from '../store/waiting-terms';
import type { Call } from './call';
import type { CallFraud } from './call-fraud';
import type { CallPermission } from './call-permission';
import type { CallRouting } from './call-routing';
import type { CallKeeper } from './keep/call-keeper';
import type { CodecPolicy } from './leg-codecs';
import type { LegRtp } from './leg-rtp';
import type { Conferences } from './conference/conferences';
import type { ConferenceView } from './conference/view';
import type { DeskEvent } from './ports';
import type { PromptKeeper } from './record-prompt';
import type { QualityWatch } from './quality-watch';
import type { QueueFigureBook } from './queue-figures';
import type { QueueNews } from './queue-news';
import type { StationBook } from './stations';
import type { VoiceAnswers } from './voice-answer';
import type { Watch } from './watch';

export interface DirectoryAgent {
  readonly agentId: AgentId;
  /** The name under which the agent's browser registers. */
  readonly userName: string;
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  readonly extension: string;
}

export interface DirectoryQueue {
  readonly queueId: QueueId;
  readonly name: string;
  readonly nameZh?: string | undefined;
  /** What its callers hear and may do while they wait. */
  readonly waiting?: WaitingTerms | undefined;
}

export interface OutboundTrunk {
  readonly trunkId: string;
  /** Whom the callee sees, unless the trunk's policy says otherwise. */
  readonly callerId: string;
  /** Most wanted first; G.711 when absent. */
  readonly codecs?: readonly AudioCodec[];
  /** Whether calls through it are secured; as the other side wants when absent. */
  readonly srtp?: SrtpPolicy;
}

/** A desk phone; its extension is its user name at the registrar. */
export interface DirectoryPhone {
  readonly extension: string;
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  readonly mayCallOutside: boolean;
  /** How its digits travel; as RFC 4733 events when absent. */
  readonly dtmf?: DtmfMode | undefined;
  /** May it take over running calls of other extensions, by Replaces? */
  readonly mayTakeOver?: boolean | undefined;
  /** Whether its calls are secured; as it offers itself when absent. */
  readonly srtp?: SrtpPolicy | undefined;
  /** Most wanted first; those of all phones when absent. */
  readonly codecs?: readonly AudioCodec[] | undefined;
  readonly rtp?: LegRtp | undefined;
}

/** Another exchange behind a trunk, as an extension reaches it. */
export interface TrunkExtension {
  readonly trunkId: string;
  /** As that exchange is to be dialled. */
  readonly number: string;
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** May callers of trunks reach it too? */
  readonly fromTrunks: boolean;
  /** As of {@link OutboundTrunk}. */
  readonly srtp?: SrtpPolicy | undefined;
}

/** Who is reached by an extension; extensions of queues and numbers are found by {@link Directory.flowOf}. */
export type Extension =
  | { readonly kind: 'agent'; readonly agent: DirectoryAgent }
  | { readonly kind: 'phone'; readonly phone: DirectoryPhone }
  | { readonly kind: 'trunk'; readonly trunk: TrunkExtension };

/** Numbers, extensions, agents and queues as configured. */
export interface Directory {
  flowOf(number: string): FlowDocument | undefined;
  /** A flow by its own id, for rules that name one. */
  flow?(flowId: string): FlowDocument | undefined;
  agent(agentId: AgentId): DirectoryAgent | undefined;
  agents(): readonly DirectoryAgent[];
  queue(queueId: QueueId): DirectoryQueue | undefined;
  queues(): readonly DirectoryQueue[];
  extension(number: string): Extension | undefined;
  phone(extension: string): DirectoryPhone | undefined;
  phones(): readonly DirectoryPhone[];
  conferenceRoom?(roomId: string): ConferenceRoom | undefined;
  /** The room that is called by this number directly. */
  conferenceRoomOf?(number: string): ConferenceRoom | undefined;
  /** By id. */
  conferenceRooms?(): readonly ConferenceRoom[];
  /** Whether a trunk's other side may have its calls put through by REFER and Replaces, at our cost. None may without. */
  mayRefer?(trunkId: string): boolean;
  /** How the digits of a trunk's calls travel. */
  dtmfOfTrunk?(trunkId: string): DtmfMode | undefined;
  /** What is listened for in conversations through it; nothing when absent. */
  detectOfTrunk?(trunkId: string): Detect | undefined;
  /** How their packets may come. */
  rtpOfTrunk?(trunkId: string): LegRtp | undefined;
  /** The calling code of the country that a trunk's people live in. */
  countryOfTrunk?(trunkId: string): string | undefined;
  /** The trunk by which a number would go out at this moment, if there is one, and how it wants its calls. */
  outboundTrunk(number: string): OutboundTrunk | undefined;
}

export interface ToneSettings {
  /** Calling code of the country whose tones are played; those of most countries when it is absent. */
  readonly country?: string | undefined;
  /** How long somebody hears why nobody was reached; 0 for not at all. */
  readonly failureMs: number;
}

export interface CenterEvents {
  desk: [event: DeskEvent];
  /** A conference has changed, or is over. */
  conference: [view: ConferenceView];
  /** What those who watch extensions are told has changed, and no desk is. */
  lines: [];
}

export interface CallContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly signaling: SignalingPort;
  readonly media: MediaPort;
  readonly directory: Directory;
  /** Who may call whom. */
  readonly permission: CallPermission;
  /** How much may be called outside. */
  readonly fraud: Pick<CallFraud, 'mayCall' | 'begin' | 'goOn'>;
  readonly routing: CallRouting;
  /** Keeps prompts that callers record; without it none are. */
  readonly prompts?: PromptKeeper | undefined;
  readonly save: (interaction: Interaction) => Promise<void>;
  /** Who answered this number last; nobody is known without it. */
  readonly lastAgentOf?: ((caller: string) => Promise<AgentId | undefined>) | undefined;
  readonly tones: ToneSettings;
  /** The stream that music of this name is; without it none is. */
  readonly musicStream?: ((name: string) => MusicStream | undefined) | undefined;
  /** Length and size of a recording's file that nobody closed; undefined when there is none. */
  readonly measureRecording: (path: string) => Promise<{ durationMs: number; sizeBytes: number } | undefined>;
  readonly calls: Map<CallId, Call>;
  readonly callsByEndpoint: Map<EndpointId, CallId>;
  /** Calls by the contacts of those whom they consult; a customer's own contact has the call's id. */
  readonly callsByContact: Map<ContactId, CallId>;
  /** Logs of calls that are over while their agent is in wrap-up. */
  readonly wrapUps: Map<AgentId, Call>;
  /** Each agent's last call of which the time for wrap-up ran out, and when. */
  readonly lapsedWrapUps: Map<AgentId, { readonly call: Call; readonly lapsedAtMs: number }>;
  /** Supervisors who follow an agent from call to call. */
  readonly watches: Map<SupervisionId, Watch>;
  readonly codecs: CodecPolicy;
  /** Where agents hear. */
  readonly stations: StationBook;
  /** Those who choose one phone do so one after the other, by its extension. */
  readonly stationChoices: KeyedSerialQueue<string>;
  readonly quality: QualityWatch;
  readonly queueNews: Pick<QueueNews, 'changed'>;
  readonly voiceAnswers: VoiceAnswers;
  readonly queueFigures: Pick<QueueFigureBook, 'recent' | 'shown'>;
  /** Whether agents are told that a supervisor is with their call. */
  readonly agentsSeeSupervision: boolean;
  readonly serial: KeyedSerialQueue<CallId>;
  /** Told of changes of a call that are made outside of its queue. */
  readonly keeper: Pick<CallKeeper, 'look' | 'whenWritten'>;
  readonly events: TypedEmitter<CenterEvents>;
  readonly conferences: Conferences;
  readonly acd: { readonly state: AcdState; dispatch(event: AcdEvent): Result<void> };
}

/**
 * The ACD knows a call's contact by the call's own id; who is consulted, and a callback, have another. A caller who will
 * be called back has left the own contact to the ACD.
 */
export const callOfContact = (ctx: CallContext, contactId: ContactId): Call | undefined => {
  const known = ctx.callsByContact.get(contactId);
  if (known !== undefined) return ctx.calls.get(known);
  const own = ctx.calls.get(asId<CallId>(contactId));
  return own?.callbackPromised ? undefined : own;
};

/** Runs work on a call after all earlier work on it; a bug in it ends neither the call nor the process. */
export const onCall = (ctx: CallContext, call: Call, work: () => Promise<void> | void): void => {
  ctx.serial.run(call.callId, work).catch((error: unknown) => {
    ctx.log.error({ err: error, callId: call.callId, phase: call.phase.kind }, 'work on a call threw');
  });
};
