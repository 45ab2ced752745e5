/**
 * Registers us with a carrier (RFC 3261, 10.2) and keeps it so: refresh at 85 % of the expiry, digest, 423, and after a
 * failure the waits of RFC 5626, section 4.5.
 */
import type { Clock, Timer } from '../../base/clock';
import { within } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { newId } from '../../base/ids';
import type { Logger } from '../../base/log';
import type { Fault } from '../../base/result';
import { contactExpiresS, parseContact, parseExpires } from '../sip/headers/contact';
import { splitCommas } from '../sip/headers/scan';
import type { DigestSession } from './digest-session';
import { isChallenge } from './digest-session';
import type { OwnReply, SipRequester } from './sip-requester';
import type { TrunkCause } from './trunk-cause';

/**
 * ```
 * idle --start--> registering --2xx--> registered --85 % of the expiry--> registering
 *                     |  ▲                 |
 *                     |  +----wait over----+--server lost--> waiting
 *                     +--failure--> waiting --wait over--> registering
 * any --stop--> stopped
 * ```
 * `registeredUntilMs` stands while an earlier registration still holds.
 */
export type RegistrationState =
  | { readonly name: 'idle' }
  | { readonly name: 'registering'; readonly registeredUntilMs: number | undefined }
  | { readonly name: 'registered'; readonly registeredUntilMs: number; readonly refreshAtMs: number }
  | {
      readonly name: 'waiting';
      readonly cause: TrunkCause;
      readonly failures: number;
      readonly retryAtMs: number;
      readonly registeredUntilMs: number | undefined;
    }
  | { readonly name: 'stopped' };

export interface RegistrationTarget {
  /** Request-URI: the registrar. */
  readonly uri: string;
  /** The address of record, as From and To. */
  readonly addressOfRecord: string;
  /** User part of our Contact. */
  readonly user: string;
  readonly expiresS: number;
}

export interface RegistrationDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly requester: SipRequester;
  readonly digest: DigestSession | undefined;
  /** In [0, 1). */
  readonly random: () => number;
  onChange(state: RegistrationState): void;
}

const REQUEST_TIMEOUT_MS = 32_000;
/** How long the product's stop waits for a carrier's word. */
const UNREGISTER_TIMEOUT_MS = 2_000;
const REFRESH_SHARE = 0.85;
const MAX_ROUNDS = 4;
/** RFC 5626, section 4.5: base-time when no other flow works, and max-time. */
const BASE_WAIT_S = 30;
const MAX_WAIT_S = 1_800;
const MAX_EXPIRES_S = 86_400;

/** RFC 5626, section 4.5: a random time between 50 and 100 % of min(max-time, base-time * 2 ^ failures). */
export const backOffS = (failures: number, random: number): number => {
  const upperS = Math.min(MAX_WAIT_S, BASE_WAIT_S * 2 ** failures);
  return upperS * (0.5 + random / 2);
};

type Response = Extract<OwnReply, { kind: 'response' }>;

/** The last reply of an exchange; `cause`: what its status alone does not tell. */
type Exchanged = Exclude<OwnReply, Response> | (Response & { readonly cause?: TrunkCause });

const answerOf = ({ status, reason }: Response): { status: number; reason: string } => ({ status, reason });

const challengeCause = (reply: Response, { code }: Fault, username: string): TrunkCause =>
  code === 'unauthenticated'
    ? { key: 'credentials-refused', values: { ...answerOf(reply), username } }
    : { key: 'challenge-unknown', values: answerOf(reply) };

export class Registration {
  private current: RegistrationState = { name: 'idle' };
  private timer: Timer | undefined;
  private readonly callId = newId<string>();
  private cseq: number;
  private expiresS: number;
  private serverAddress: string | undefined;
  private failures = 0;
  /** Resolves with whether the carrier has bound us by what was asked for last. */
  private running: Promise<boolean> = Promise.resolve(false);

  constructor(
    private readonly target: RegistrationTarget,
    private readonly deps: RegistrationDeps,
  ) {
    this.cseq = 1 + Math.floor(deps.random() * 10_000);
    this.expiresS = target.expiresS;
  }

  get state(): RegistrationState {
    return this.current;
  }

  /** Whether the carrier still sends calls to us, as far as we know. */
  get holds(): boolean {
    const { current } = this;
    if (current.name === 'idle' || current.name === 'stopped') return false;
    return (current.registeredUntilMs ?? 0) > this.deps.clock.nowMs();
  }

  /** Where the carrier's last confirmation came from. */
  get registrarAddress(): string | undefined {
    return this.holds ? this.serverAddress : undefined;
  }

  /** Registers now, unless it is on its way; to be called when the SIP server is there (again). */
  start(): void {
    if (this.current.name === 'registering' || this.current.name === 'stopped') return;
    this.failures = 0;
    this.begin();
  }

  /**
   * Takes the binding away and stops; a REGISTER that is under way is waited for, since it may still bind us. Resolves
   * when the carrier has answered, or after 2 s, and sends nothing after that. Idempotent.
   */
  async stop(): Promise<void> {
    const { name } = this.current;
    if (name === 'stopped') return;
    const wasBound = this.holds;
    this.timer?.cancel();
    this.move({ name: 'stopped' });
    if (!(wasBound || name === 'registering') || !this.deps.requester.connected) return;
    let isLate = false;
    const takenBack = this.running.then(async (isBound) => {
      // Whoever registers in our place by then would lose the binding to a late word of ours.
      if ((wasBound || isBound) && !isLate) await this.exchange(0, UNREGISTER_TIMEOUT_MS);
    });
    await within(this.deps.clock, UNREGISTER_TIMEOUT_MS, takenBack);
    isLate = true;
  }

  private begin(): void {
    this.timer?.cancel();
    this.move({ name: 'registering', registeredUntilMs: this.registeredUntilMs });
    this.running = this.register().catch((error: unknown) => {
      this.deps.log.error({ err: error }, 'a registration threw');
      const cause: TrunkCause = { key: 'internal', values: { error: messageOf(error) } };
      if (this.current.name === 'registering') this.wait(cause, undefined);
      return false;
    });
  }

  private get registeredUntilMs(): number | undefined {
    const { current } = this;
    return current.name === 'idle' || current.name === 'stopped' ? undefined : current.registeredUntilMs;
  }

  private async register(): Promise<boolean> {
    const reply = await this.exchange(this.expiresS, REQUEST_TIMEOUT_MS);
    const isBound = reply.kind === 'response' && reply.status < 300;
    if (this.current.name !== 'registering') return isBound;
    if (isBound) this.confirmed(reply);
    else this.refused(reply);
    return isBound;
  }

  private refused(reply: Exchanged): void {
    if (reply.kind === 'silence') return this.wait(reply.cause, undefined);
    // RFC 3261, section 21.5.4: Retry-After.
    const retryAfter = parseExpires((reply.get('Retry-After') ?? '').split(/[;( ]/)[0] ?? '');
    this.wait(
      reply.cause ?? { key: 'response', values: answerOf(reply) },
      retryAfter.ok ? retryAfter.value : undefined,
    );
  }

  private confirmed(reply: Response): void {
    const { clock } = this.deps;
    this.failures = 0;
    this.serverAddress = reply.address;
    const grantedMs = this.grantedS(reply) * 1_000;
    const refreshMs = grantedMs * REFRESH_SHARE;
    const nowMs = clock.nowMs();
    this.timer = clock.after(refreshMs, () => this.begin());
    this.move({ name: 'registered', registeredUntilMs: nowMs + grantedMs, refreshAtMs: nowMs + refreshMs });
  }

  /** RFC 3261, section 10.2.4: the expiry of our own Contact, which the registrar may have shortened. */
  private grantedS(reply: Response): number {
    const header = parseExpires(reply.get('Expires') ?? '');
    const headerS = header.ok ? header.value : undefined;
    const ours = splitCommas(reply.get('Contact') ?? '').flatMap((text) => {
      const contact = parseContact(text);
      const isOurs = contact.ok && contact.value.uri.userDecoded === this.target.user;
      return isOurs ? [contactExpiresS(contact.value, headerS)] : [];
    });
    const given = ours.find((seconds) => seconds !== undefined && seconds > 0) ?? headerS ?? this.expiresS;
    return Math.min(Math.max(given, 10), MAX_EXPIRES_S);
  }

  /** One REGISTER with what it takes: credentials, a longer expiry. The last reply counts. */
  private async exchange(expiresS: number, timeoutMs: number): Promise<Exchanged> {
    const { digest } = this.deps;
    const { uri } = this.target;
    let askedS = expiresS;
    let reply: OwnReply = { kind: 'silence', cause: { key: 'nothing-sent', values: {} } };
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const credentials = digest?.credentials({ method: 'REGISTER', uri, body: '' }) ?? {};
      const headers = { ...this.headers(askedS), ...credentials };
      reply = await this.deps.requester.send({ method: 'REGISTER', uri, headers, timeoutMs });
      if (reply.kind === 'silence') return reply;
      if (this.current.name === 'stopped' && expiresS > 0) return reply;
      if (isChallenge(reply.status) && digest) {
        const taken = digest.challenged(reply, credentials);
        if (!taken.ok) return { ...reply, cause: challengeCause(reply, taken.fault, digest.username), get: reply.get };
        continue;
      }
      const min = reply.status === 423 ? parseExpires(reply.get('Min-Expires') ?? '') : undefined;
      if (!min?.ok || min.value <= askedS || min.value > MAX_EXPIRES_S || expiresS === 0) return reply;
      askedS = this.expiresS = min.value;
    }
    return reply;
  }

  private headers(expiresS: number): Record<string, string> {
    const { addressOfRecord, user } = this.target;
    this.cseq += 1;
    return {
      From: addressOfRecord,
      To: addressOfRecord,
      // RFC 3261, section 10.2: all registrations of one agent SHOULD use the same Call-ID, with a growing CSeq.
      'Call-ID': this.callId,
      CSeq: `${this.cseq} REGISTER`,
      Contact: `<sip:${user}@localhost>;expires=${expiresS}`,
      Expires: String(expiresS),
    };
  }

  private wait(cause: TrunkCause, retryAfterS: number | undefined): void {
    const { clock, random } = this.deps;
    this.failures += 1;
    const waitMs = Math.max(backOffS(this.failures, random()), retryAfterS ?? 0) * 1_000;
    const { failures, registeredUntilMs } = this;
    this.timer = clock.after(waitMs, () => this.begin());
    this.move({ name: 'waiting', cause, failures, retryAtMs: clock.nowMs() + waitMs, registeredUntilMs });
  }

  private move(next: RegistrationState): void {
    this.current = next;
    this.deps.onChange(next);
  }
}
