/** What the api needs from the rooms below and from outside; `main` passes the real ones in. */
import type { MusicStreamBody } from './contract/music-streams';
import type { AgentId, ContactId, RecordingId } from '../base/ids';
import type { ConferenceDesk } from '../calls/conference/desk';
import type { ConferenceRoomBody } from './contract/conferences';
import type { CallFraud } from '../calls/call-fraud';
import type { CallPermission } from '../calls/call-permission';
import type { ContactDecision } from '../calls/decisions';
import type { CallerContext } from '../calls/context-book';
import type { RouteQuestion, RouteTarget } from '../calls/pre-route';
import type { NamedReservation } from '../calls/reserve-context';
import type { Result } from '../base/result';
import type { Alarms } from '../base/alarms';
import type { BanView } from './contract/security';
import type { TracedMessageView } from './contract/trace';
import type { Interaction } from '../store/interaction';
import type { AuditEntry } from '../store/audit';
import type { InteractionStore } from '../store/interactions';
import type { ManifestEntry } from '../store/recordings/manifest';
import type { RecordingIndex } from '../store/recordings/recording-index';
import type { VerificationReport, VerifiedPart } from '../store/recordings/verify';
import type { ExtensionRule } from '../store/phones';
import type { User } from '../store/users';
import type { WaitReportView } from './contract/wait-report';
import type { PeaksView } from './contract/recordings';
import type { FlowDocument } from '../flows/document';
import type { LookUpBody, SiteBody, TemporaryNumbersBody } from './contract/contexts';
import type { NumberSettingBody } from './contract/flows';
import type { ExtensionView } from './contract/extensions';
import type { SoundView } from './contract/sounds';
import type { MessageCountsView, PhoneSettings, PhoneView } from './contract/phones';
import type { AnswerModeBody, CallLimitBody, CallRuleBody, ReleaseModeBody } from './contract/routing';
import type { CalendarBody } from './contract/calendars';
import type { SessionUser } from './contract/rest';
import type { AgentProfileBody, AgentProfileView, NamedBody, QueueBody, TenantBody } from './contract/queues';
import type { RecordingPolicyBody } from './contract/recording-policies';
import type { RouteExplanationView, RouteView, TrunkChange, TrunkView } from './contract/trunk-status';
import type { RouteBody } from './contract/trunks';

/** A user as far as signing in needs one. */
export type UserAccount = Pick<
  User,
  '_id' | 'userName' | 'displayName' | 'displayNameZh' | 'roles' | 'passwordHash' | 'disabled'
> & {
  readonly agent?: Pick<NonNullable<User['agent']>, 'agentId' | 'extension'> | undefined;
};

export interface UserDirectory {
  /** The user of this name, which is compared without regard to case. */
  findByUserName(userName: string): Promise<UserAccount | undefined>;
}

/** Memory-hard password hashes. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
}

export type InteractionReader = Pick<InteractionStore, 'list' | 'get'>;

/** The actions that the api writes down. */
export type AuditAction =
  | 'sign-in'
  | 'sign-in-failed'
  | 'sign-in-limited'
  | 'sign-out'
  | 'recording-read'
  | 'recording-controlled'
  | 'recording-held'
  | 'message-marked'
  | 'recording-released'
  | 'setting-changed'
  | 'ban-lifted'
  | 'media-drained'
  | 'phone-changed'
  | 'extension-changed'
  | 'trace-read'
  | 'acd-journal-read'
  | 'sound-changed'
  | 'supervision'
  | 'agent-directed'
  | 'contact-directed'
  | 'conference-directed'
  | 'webhook-tested';

export type ApiAuditEntry = AuditEntry & { readonly action: AuditAction };

export interface AuditWriter {
  write(entry: ApiAuditEntry): Promise<void>;
}

/** Promised waits against real ones. */
export interface WaitReporter {
  of(query: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly queueId?: string | undefined;
    readonly intervalMs: number;
  }): Promise<WaitReportView['items']>;
}

/** The registrar's passwords for browsers. A user has at most one at a time. */
export interface SipCredentials {
  issue(userName: string): Promise<{ password: string }> | { password: string };
  revoke(userName: string): Promise<void> | void;
}

/** An open file of which the length may still grow. */
export interface RecordingFile {
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** Changes when the file's content does. */
  readonly version: string;
  /** Up to `lengthBytes` bytes from `offsetBytes`; fewer at the file's end. */
  read(offsetBytes: number, lengthBytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

export interface RecordingFiles {
  /**
   * Undefined when there is no such file, or when `path` leads out of the folder.
   * @param recordingId whose it is to be; another's sealed file in its place is refused. Not looked at when absent.
   */
  open(path: string, recordingId?: RecordingId): Promise<RecordingFile | undefined>;
}

/** What can be made of a recording of two parties. Errors: `unsupported` for another form than ours. */
export interface RecordingSound {
  /** One track; it takes the file over. */
  track(file: RecordingFile, track: 'mono' | 'caller' | 'agent'): Promise<Result<RecordingFile>>;
  peaks(file: RecordingFile, points: number): Promise<Result<PeaksView>>;
}

/** Which recordings there are, and the proof that they are what they were. */
export interface RecordingArchive extends Pick<RecordingIndex, 'get' | 'list' | 'setHold' | 'setHeard'> {
  verify(part: VerifiedPart): Promise<VerificationReport>;
  manifest(limit: number, part: { from: number }): Promise<ManifestEntry[]>;
}

/** The SIP messages of calls. */
export interface TraceReader {
  /** Oldest first. Errors: `not_found` when none are kept (any more), `unsupported` with drachtio-server. */
  read(interaction: Interaction): Promise<Result<readonly TracedMessageView[]>>;
}

/** What administrators see of attacks, and can do about them. */
export interface SecurityDesk {
  readonly alarms: Pick<Alarms, 'recent' | 'onRaised'>;
  readonly bans: {
    list(): readonly BanView[];
    /** False when there is no such ban. */
    lift(id: string): boolean;
  };
}

/** One process that carries sound. */
export interface MediaProcessView {
  readonly name: string;
  /** `draining` takes no new calls; `away` cannot be reached. */
  readonly state: 'ready' | 'draining' | 'away';
  /** On the machine of the app. */
  readonly isLocal: boolean;
  /** Legs of calls that it carries. */
  readonly endpoints: number;
}

/** What a process holds besides legs; all of it is back to zero when the last call is over. */
export interface MediaInUse {
  readonly bridges: number;
  readonly mixes: number;
  readonly plays: number;
  readonly recordings: number;
  /** RTP and RTCP ports. */
  readonly ports: number;
}

export interface MediaProcesses {
  list(): readonly MediaProcessView[];
  /** By the name of each process that can be asked. */
  inUse(): Promise<ReadonlyMap<string, MediaInUse>>;
  /** Fails with `not_found`, `unavailable`, or `conflict` when no other process could take calls. */
  drain(name: string, withinMs?: number): Result<void>;
}

/** Which parts of the product answer. */
export interface HealthParts {
  readonly edge: boolean;
  readonly media: boolean;
  readonly store: boolean;
  readonly mediaProcesses?: readonly MediaProcessView[];
}

/** One collection of settings; a change counts at once. */
export interface SettingsEditor<Value> {
  /** By id. */
  list(): Promise<readonly { readonly id: string; readonly value: Value }[]>;
  put(id: string, value: Value): Promise<Result<void>>;
  /** Why it must stay, such as what still uses it; left out: anything may go. */
  mayRemove?(id: string): Result<void>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
}

/** Queues and whoever serves them; a change counts at once. */
export interface AcdSettingsPorts {
  readonly queues: SettingsEditor<QueueBody>;
  readonly calendars: SettingsEditor<CalendarBody>;
  readonly skills: SettingsEditor<NamedBody>;
  readonly teams: SettingsEditor<NamedBody>;
  readonly tenants: SettingsEditor<TenantBody>;
  readonly agents: {
    list(): readonly AgentProfileView[];
    /** Errors: `not_found`, `conflict` when it has been changed meanwhile, `bad_input` for what contradicts itself. */
    put(agentId: AgentId, profile: AgentProfileBody): Promise<Result<AgentProfileView>>;
  };
  /** What of queues and agents a user sees; undefined for everything. */
  viewOf(user: Pick<SessionUser, 'userName' | 'roles' | 'agent'>): TenantSight | undefined;
}

export interface TenantSight {
  readonly tenant: string;
  /** Whether what is named is the tenant's; what names neither a queue nor an agent is everybody's. */
  sees(of: { readonly agentId?: string | undefined; readonly queueId?: string | undefined }): boolean;
}

/** A number of ours: the flow that answers it, and what comes before that. */
export type NumberSetting = NumberSettingBody;

export interface FlowEditor {
  list(): Promise<readonly FlowDocument[]>;
  get(id: string): Promise<FlowDocument | undefined>;
  /** Saves the next version. Fails with `bad_input` naming the path of each fault. */
  put(id: string, document: unknown): Promise<Result<FlowDocument>>;
}

/** What administrators set about calls, and what is decided by it. */
export interface RoutingPorts {
  readonly callRules: SettingsEditor<CallRuleBody>;
  readonly permission: CallPermission;
  readonly flows: FlowEditor;
  readonly numbers: SettingsEditor<NumberSetting>;
  readonly sites: SettingsEditor<SiteBody>;
  readonly lookUps: SettingsEditor<LookUpBody>;
  readonly temporaryNumbers: SettingsEditor<TemporaryNumbersBody>;
  readonly releaseModes: SettingsEditor<ReleaseModeBody>;
  readonly answerModes: SettingsEditor<AnswerModeBody>;
  readonly musicStreams: SettingsEditor<MusicStreamBody>;
  readonly recordingPolicies: SettingsEditor<RecordingPolicyBody>;
  readonly callLimits: SettingsEditor<CallLimitBody>;
  readonly callUsage: Pick<CallFraud, 'usage' | 'lift'>;
  /** Where a call would go if it came now. */
  preRoute(question: RouteQuestion): RouteTarget;
  /** Fails with `overloaded` and `not_found`. */
  reserveContext(
    context: CallerContext,
    reserve: { ttlMs: number; forNumber?: string | undefined },
  ): Promise<Result<NamedReservation>>;
  /** Once. */
  takeContext(token: string): CallerContext | undefined;
}

/** Conference rooms as they are set up, and conferences as they run. */
export interface ConferencePorts {
  readonly rooms: SettingsEditor<ConferenceRoomBody>;
  readonly desk: Omit<ConferenceDesk, 'roomChanged' | 'roomRemoved'>;
}

/** The ACD's decisions, recomputed. */
export interface DecisionReader {
  of(contactId: ContactId): Promise<readonly ContactDecision[]>;
}

/** What happened to the ACD, in order; the first item holds the state from which the others lead on. */
export interface AcdJournal {
  between(span: { readonly fromMs: number; readonly toMs: number }): AsyncIterable<object>;
}

/** Desk phones and the table of extensions; a change counts for the next call. */
export interface PhoneAdministration {
  phones(): PhoneView[];
  phone(extension: string): PhoneView | undefined;
  /** @returns the password, which is told this once. Errors: `conflict` when the extension is taken. */
  add(extension: string, settings: PhoneSettings): Promise<Result<{ password: string }>>;
  change(extension: string, settings: PhoneSettings): Promise<Result<void>>;
  /** Its registrations end: the phone must register again with the new password. */
  renewPassword(extension: string): Promise<Result<{ password: string }>>;
  remove(extension: string): Promise<Result<void>>;
  rules(): ExtensionRule[];
  /** Errors: `conflict` when the extension is an agent's or a phone's, `not_found` for a goal that is not there. */
  saveRule(rule: ExtensionRule): Promise<Result<void>>;
  removeRule(pattern: string): Promise<Result<void>>;
  /** Messages that wait for an extension, which its phone shows by its lamp (RFC 3842). */
  setMessages(extension: string, counts: MessageCountsView): Promise<Result<void>>;
}

export type { SoundView };

/** Who has recorded a sound, and how. */
export interface SoundOrigin {
  readonly by: string;
  readonly source: 'upload' | 'browser' | 'phone';
}

/** Prompts and music, by their paths below the folder of sounds; a change counts from the next play on. */
export interface SoundAdministration {
  list(): Promise<SoundView[]>;
  get(path: string): Promise<SoundView | undefined>;
  /** What callers hear, or a version of it; undefined when there is none. */
  read(path: string, version?: number): Promise<Buffer | undefined>;
  /** Errors: `bad_input` and `unsupported` for what is no usable WAV, `unavailable` when it cannot be written. */
  put(path: string, wav: Buffer, origin: SoundOrigin): Promise<Result<SoundView>>;
  /** Errors: `not_found`. */
  use(path: string, version: number): Promise<Result<SoundView>>;
  /** Errors: `not_found`, and `conflict` while a flow plays it. */
  remove(path: string): Promise<Result<void>>;
}

/** Everybody who can be reached by an extension, in the order of extensions. */
export interface ExtensionReader {
  list(): ExtensionView[];
}

/** Trunks and outbound routes. Faults: `not_found`, `conflict` for those of the file, `bad_input` for what cannot be used. */
export interface TrunkDesk {
  list(): TrunkView[];
  put(id: string, change: TrunkChange): Promise<Result<TrunkView>>;
  setEnabled(id: string, enabled: boolean): Promise<Result<TrunkView>>;
  remove(id: string): Promise<Result<void>>;
  listRoutes(): RouteView[];
  putRoute(id: string, route: RouteBody): Promise<Result<RouteView>>;
  removeRoute(id: string): Promise<Result<void>>;
  /** Which ways a number would take now. */
  explain(number: string): RouteExplanationView;
}
