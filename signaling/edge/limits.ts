/** The bounds within which the edge works, with defaults for one machine. */
import type { SessionLimits } from './control/session';
import type { FloodLimits } from './flood-guard';
import type { OverloadLimits } from './overload-guard';
import type { TraceLimits } from './trace/call-traces';
import type { TransportLimits } from './transport/sink';

export interface EdgeLimits extends TransportLimits {
  /** The SIP messages of recent calls that are kept. */
  readonly trace: TraceLimits;
  readonly control: SessionLimits;
  /** How long an app may take to answer a request other than INVITE before the edge answers 500 for it. */
  readonly answerTimeoutMs: number;
  /** The same for a request within a call of an app that is expected back; a BYE is answered at once. */
  readonly absentAnswerTimeoutMs: number;
  /** How long an incoming INVITE may go without a final answer before the edge refuses it with 408. */
  readonly inviteTimeoutMs: number;
  /** Timer C of a proxy: an INVITE that rings longer is cancelled. MUST be over three minutes (RFC 3261, 16.6 step 11). */
  readonly timerCMs: number;
  /** After an app's connection is lost, its calls are ended this much later. */
  readonly appLossGraceMs: number;
  /** Questions to web servers about new requests that may be under way at once; further requests get 503. */
  readonly maxHandlerQuestions: number;
  /** A connection to a listening app that has nothing left to do is closed after this. */
  readonly dialledIdleMs: number;
  /** How long an app that has said its name may be away before its calls are ended. */
  readonly appReturnGraceMs: number;
  /** How long a new INVITE waits for an app that is expected back. */
  readonly callerPatienceMs: number;
  /** The same for any other new request. */
  readonly appPatienceMs: number;
  /** What an address may ask of us before an app has accepted anything from it. */
  readonly strangers: FloodLimits;
  /** INVITEs that wait for an app's final answer; further ones are refused with 503. */
  readonly maxPendingInvites: number;
  /** From which delay on new calls are refused with 503. */
  readonly overload: OverloadLimits;
  /** Log lines about refused messages a second; further ones are only counted. */
  readonly refusalLogsPerSecond: number;
}

export const DEFAULT_LIMITS: EdgeLimits = {
  maxMessageBytes: 65_535,
  maxConnections: 5_000,
  maxUnsentBytes: 1024 * 1024,
  maxConnectionsPerSource: 200,
  idleTimeoutMs: 15 * 60_000,
  messageTimeoutMs: 10_000,
  pingPeriodMs: 25_000,
  connectTimeoutMs: 5_000,
  control: { maxMessageBytes: 256 * 1024, maxUnsentBytes: 64 * 1024 * 1024, authenticateTimeoutMs: 5_000 },
  trace: { maxBytes: 16 * 1024 * 1024, maxCalls: 20_000, maxBytesPerCall: 512 * 1024 },
  answerTimeoutMs: 32_000,
  absentAnswerTimeoutMs: 10_000,
  inviteTimeoutMs: 10 * 60_000,
  timerCMs: 185_000,
  appLossGraceMs: 1_000,
  maxHandlerQuestions: 500,
  dialledIdleMs: 60_000,
  appReturnGraceMs: 60_000,
  callerPatienceMs: 20_000,
  appPatienceMs: 4_000,
  strangers: { burst: 500, perSecond: 100 },
  maxPendingInvites: 5_000,
  overload: { toleratedMs: 300, refuseAllMs: 800 },
  refusalLogsPerSecond: 20,
};
