/**
 * The port through which `calls` sees SIP: calls that arrive, calls that are placed, dialogs that live. It names no
 * server: `gateway.ts` implements it over the embedded edge and over drachtio-server alike.
 *
 * Expected failures are {@link Result} faults whose code comes from SIP's status by `status-codes.ts`.
 */
import type { Result } from '../base/result';
import type { DialogRecord, InviteRecord } from './records';

export interface SignalingPort {
  /** True while the SIP server is connected; without it calls neither arrive nor leave. */
  readonly connected: boolean;

  /** Sets the one handler of incoming calls. Until there is one they wait, up to 20 s; then they are refused with 503. */
  onIncoming(handler: (invite: IncomingInvite) => void): void;

  /** Subscribes to the connection's state; returns the function that unsubscribes. */
  onConnection(handler: (connected: boolean) => void): () => void;

  /** Places a call. Returns at once; the outcome comes by {@link OutgoingCall.answered}. */
  placeCall(request: OutgoingRequest, events?: OutgoingEvents): OutgoingCall;

  /**
   * Takes over a dialog of the app's former life. One that has ended meanwhile is handed out as well, with
   * {@link SipDialog.ended} set. What its other side has sent meanwhile comes when {@link SipDialog.onEnd} has been
   * called, so that the other handlers are to be set in the same turn; at the latest with {@link SignalingPort.adoptionDone}.
   * May be called before the server is connected, and waits then.
   * Errors: `bad_input` for what is no record of a dialog, `not_found` when the SIP server does not have it any more, `conflict` when it was adopted before,
   * `unavailable` when the server does not answer, `closed` after {@link SignalingPort.adoptionDone}.
   */
  adopt(record: unknown): Promise<Result<SipDialog>>;

  /**
   * Takes over a caller of the app's former life who has no final answer yet, with the provisional ones that have been
   * sent. Errors: as for {@link SignalingPort.adopt}; `not_found` also when the caller has given up meanwhile.
   */
  adoptInvite(record: unknown): Promise<Result<IncomingInvite>>;

  /**
   * All that is to be adopted has been: dialogs that nobody wanted are ended, callers that nobody wanted are served as
   * new ones, or refused with 503 when they have heard early media. To be called once at each start; a minute after the start it happens by itself.
   */
  adoptionDone(): void;

  /** Hangs up nothing by itself: the server ends what is left. Idempotent. */
  close(): Promise<void>;
}

export interface CallParty {
  /** The user part of the party's URI: a telephone number, an extension or a user name. */
  readonly number: string;
  readonly displayName?: string;
}

/** Where a SIP message came from, as the server saw it on the socket. */
export interface SignalingSource {
  readonly address: string;
  readonly port: number;
  readonly protocol: TransportName;
}

export type TransportName = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/**
 * Who calls: a carrier's trunk, an agent whose identity has been proved (digest or registered connection), or a desk
 * phone (digest).
 */
export type CallOrigin =
  | { readonly kind: 'trunk'; readonly trunkId: string }
  | { readonly kind: 'agent'; readonly userName: string }
  | { readonly kind: 'phone'; readonly userName: string };

export type CancelReason = 'caller_cancelled' | 'connection_lost';

export interface TrunkRtp {
  readonly srtpKeys: 'any' | 'sdes' | 'dtls';
  /** Networks, besides the host in the SDP; absent for anywhere. */
  readonly rtpSources?: readonly string[];
  /** 0 for never. */
  readonly mediaTimeoutMs: number;
}

/** How a trunk wants its calls' media. */
export interface TrunkTraits {
  /** Most wanted first. */
  readonly codecs: readonly ('PCMA' | 'PCMU' | 'G722' | 'OPUS')[];
  /** How digits travel. */
  readonly dtmf: 'rfc4733' | 'info' | 'inband' | 'auto';
  readonly srtp: 'off' | 'optional' | 'required';
  /** How packets may come; see the trunk's settings. */
  readonly rtp?: TrunkRtp | undefined;
  /** Whether sound before the answer is passed on. */
  readonly earlyMedia: 'pass' | 'ignore';
}

/** What is known of a caller's Identity header (RFC 8224). `unavailable`: nobody could tell in time. */
export interface IdentityVerdict {
  readonly result: 'passed' | 'failed' | 'absent' | 'unavailable';
  /** Level of attestation (RFC 8588), A to C, when it passed. */
  readonly attestation?: string | undefined;
  readonly reason?: string | undefined;
}

/** A call that arrives and has no final answer yet. Its methods after a final answer or a cancellation fail `closed`. */
export interface IncomingInvite {
  /** SIP's Call-ID. */
  readonly callId: string;
  readonly from: CallParty;
  readonly to: CallParty;
  /** The Request-URI. */
  readonly uri: string;
  readonly source: SignalingSource;
  /** When it came to the SIP server, in milliseconds since 1970; absent where that is not known. */
  readonly arrivedAtMs?: number | undefined;
  readonly origin: CallOrigin;
  /** The caller wants to stay unknown (RFC 3323): `from` is anonymous then. */
  readonly withheld?: boolean;
  /** Of the trunk it came by. */
  readonly traits?: TrunkTraits | undefined;
  /** Present where the trunk has its callers' identity verified. */
  readonly identity?: IdentityVerdict | undefined;
  /** The offer; absent when the caller expects the offer in our answer (RFC 3261, section 13.2.1). */
  readonly sdp: string | undefined;
  /** All headers by lower-case name; a header that appears more than once is joined by commas (RFC 3261, 7.3.1). */
  readonly headers: Readonly<Record<string, string>>;

  /** What the app's next life needs to adopt it. */
  readonly record: InviteRecord;

  /** Called at most once, when the caller gives up or the server is lost before the final answer. */
  onCancelled(handler: (reason: CancelReason) => void): void;

  /** Sends a provisional response, 180 unless another of 180 to 183 is named; `sdp` makes early media. */
  ring(status?: 180 | 181 | 182 | 183, sdp?: string): void;

  /**
   * The dialog that an answer with this description will make, so that it can be written down before the caller hears
   * of it: the app's next life may {@link SignalingPort.adopt} it if the answer was sent. To be asked after
   * {@link IncomingInvite.ring}; undefined where it cannot be known, as without an offer.
   */
  dialogAhead(sdp: string): Promise<DialogRecord | undefined>;

  /** Answers 200. When the INVITE had no offer, `sdp` is the offer and {@link SipDialog.remoteSdp} the answer. */
  answer(sdp: string): Promise<Result<SipDialog>>;

  /** The dialog of ours whose place this call is to take (RFC 3891); one that rings is to be picked up. */
  readonly replaces?: { readonly dialogId: string; readonly isRinging?: boolean } | undefined;

  /** Refuses with a final status from 300 to 699. Does nothing after a final answer. */
  reject(status: number, reason?: string, headers?: Readonly<Record<string, string>>): void;
}

/**
 * Whom to call.
 * - `contact`: a URI, sent through `proxy` when given (what the registrar's `contactFor` returns);
 * - `user`: the contact under which this user is registered at the moment;
 * - `phone`: all contacts of this user, those with the same preference at once; the first to answer is the one;
 * - `trunk`: a number through this carrier;
 * - `number`: a number by the outbound route table, which goes on to the next proxy and trunk when one fails.
 */
export type CallTarget =
  | { readonly kind: 'contact'; readonly uri: string; readonly proxy?: string }
  | { readonly kind: 'user'; readonly userName: string }
  | { readonly kind: 'phone'; readonly userName: string }
  | { readonly kind: 'trunk'; readonly trunkId: string; readonly number: string }
  | { readonly kind: 'number'; readonly number: string };

/** Makes the offer for the trunk that is tried next, which the answer will be to; a fault passes the attempt over. */
export type OfferForTrunk = (trunk: {
  readonly trunkId: string;
  readonly traits: TrunkTraits;
}) => Promise<Result<string>>;

export interface OutgoingRequest {
  readonly target: CallTarget;
  readonly from: CallParty;
  /** The callee is not to learn who calls (RFC 3323). Of calls through trunks. Default false. */
  readonly withheld?: boolean;
  /** The offer. */
  readonly sdp: string;
  /** Asked before each attempt by a trunk; without it all of them get `sdp`. */
  readonly offerFor?: OfferForTrunk | undefined;
  /** Further headers by name, such as `X-Interaction`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the other side may ring before the call is cancelled with the fault `no_answer`. */
  readonly ringTimeoutMs: number;
}

/** One SIP message of a call as it was on the wire, without credentials and other secrets. */
export interface TracedSipMessage {
  readonly atMs: number;
  /** `in` came to us from `remote`, `out` went there. */
  readonly direction: 'in' | 'out';
  readonly protocol: TransportName;
  readonly local: { readonly address: string; readonly port: number };
  readonly remote: { readonly address: string; readonly port: number };
  readonly text: string;
}

export interface OutgoingEvents {
  /** An INVITE has been sent, under this Call-ID; there are several when several contacts or trunks are tried. */
  onCallId?(callId: string): void;
  /** A provisional response above 100; `sdp` when it carries a description (early media). */
  onProgress?(status: number, sdp?: string): void;
  /** A telephone rings: the dialog that it begins, which others may take the place of until the call is answered. */
  onRinging?(dialog: EarlyDialog): void;
  /** A trunk is being tried; the last one that is told carries the call. */
  onAttempt?(attempt: OutgoingAttempt): void;
}

/** What names a dialog (RFC 3261, 12); the local tag is ours. */
export interface DialogName {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** A dialog that is not answered yet. */
export interface EarlyDialog {
  readonly id: string;
  readonly name: DialogName;
}

export interface OutgoingAttempt {
  readonly trunkId: string;
  /** Absent without a route table. */
  readonly routeId: string | undefined;
  readonly traits: TrunkTraits;
}

export interface OutgoingCall {
  /**
   * The dialog, or why there is none: `busy`, `declined`, `no_answer`, `no_route`, `not_found`, `unavailable`,
   * `not_acceptable_media`, `closed` (we cancelled) and so on. Never rejects.
   */
  readonly answered: Promise<Result<SipDialog>>;
  /** Gives up: CANCEL while it rings; BYE when the answer crosses the CANCEL. Idempotent. */
  cancel(): void;
}

/** Why a dialog ended. */
export type DialogEnd =
  /** The other side sent BYE; `reason` is its Reason header (RFC 3326), if any. */
  | { readonly by: 'remote'; readonly reason: string | undefined }
  /** We hung up. */
  | { readonly by: 'local' }
  /** The other side never acknowledged our answer, or answered a request with 408 or 481. */
  | { readonly by: 'failure'; readonly reason: string }
  /** The connection to the SIP server was lost, and the dialog with it. */
  | { readonly by: 'connection_lost' };

/** Whom a party wants its call to be put through to (RFC 3515), and which running call that is to be joined with. */
export interface ReferRequest {
  readonly target: { readonly number: string; readonly uri: string; readonly replaces: ReplacesName | undefined };
  /** What the Replaces of the target means here; undefined without one. */
  readonly replaced: ReplacedDialog | undefined;
  /** The Referred-By header (RFC 3892), to be passed on. */
  readonly referredBy: string | undefined;
  /** Answers 202; how it goes is to be reported until a final status. */
  accept(): ReferProgress;
  refuse(status: number, reason?: string): void;
}

/** A dialog as a Replaces header names it (RFC 3891); the to-tag is that of whoever is asked. */
export interface ReplacesName {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
}

/** `unknown`: the dialog may be one between others. */
export type ReplacedDialog =
  { readonly kind: 'running'; readonly dialogId: string } | { readonly kind: 'over' } | { readonly kind: 'unknown' };

export interface ReferProgress {
  /** Tells by NOTIFY; a final status is the last. Does nothing after that, or when nothing is to be told (RFC 4488). */
  report(status: number, reason?: string): void;
}

/** An offer of ours that the other side has asked for by a re-INVITE without one (RFC 3261, 14.2). */
export interface LateOffer {
  offer(): Promise<Result<string>>;
  /** The answer came with the ACK. */
  answered(sdp: string): void;
}

/** One digit by SIP INFO (`application/dtmf-relay` or `application/dtmf`). */
export interface InfoDigit {
  readonly digit: string;
  readonly durationMs: number;
}

/** A confirmed dialog with one party. */
export interface SipDialog {
  /** Unique in this process while the dialog lives. */
  readonly id: string;
  readonly callId: string;
  readonly name: DialogName;
  readonly remote: CallParty;
  /** The description that the other side sent last. */
  readonly remoteSdp: string;
  readonly ended: DialogEnd | undefined;
  /** What the app's next life needs to adopt it. */
  readonly record: DialogRecord;

  /** Called when {@link SipDialog.record} has changed, after each change of the session. */
  onChanged(handler: () => void): void;

  /** Called once when the dialog ends, at once if it has ended already. */
  onEnd(handler: (end: DialogEnd) => void): void;

  /**
   * Answers the other side's re-INVITEs (and UPDATEs) that carry an offer; a fault refuses the offer with its SIP
   * status (488 for `not_acceptable_media`) and changes nothing. Without a handler an offer is refused with 488.
   */
  onReinvite(handler: (offerSdp: string) => Promise<Result<string>>): void;

  /** Makes offers for re-INVITEs without one; without this our last description is repeated. */
  onLateOffer(lateOffer: LateOffer): void;

  onInfo(handler: (digit: InfoDigit) => void): void;

  /** Sends a digit by SIP INFO, after those before it; a fault has the code of the status that refused it. */
  sendDigit(digit: InfoDigit): Promise<Result<void>>;

  /** Hears the other side's REFERs; without a handler they are refused with 603. */
  onRefer(handler: (refer: ReferRequest) => void): void;

  /** Sends a re-INVITE with this offer; the value is the answer. */
  modify(sdp: string): Promise<Result<string>>;

  /** Sends BYE, with this text as its Reason header (RFC 3326) when given. Idempotent; resolves when it is over. */
  hangup(reasonHeader?: string): Promise<void>;
}
