/** Digest authentication of browsers and phones (RFC 3261, 22), on drachtio-srf's requests. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { networkOf } from '../../base/network';
import type { DigestAlgorithm } from '../sip/digest';
import { algorithmOf, buildChallenges, verifyCredentials } from '../sip/digest';
import { parseAuth } from '../sip/headers/auth';
import type { Attempt } from '../guard/ban-book';
import { NonceMaker } from '../sip/nonce';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';

/** What stands in for a user's SIP password: `H(user:realm:password)` in hexadecimal. */
export type Ha1ByAlgorithm = Readonly<Record<DigestAlgorithm, string>>;

/** The current SIP credentials of a user in a realm; undefined when there is no such user or session. */
export type CredentialsFor = (userName: string, realm: string) => Ha1ByAlgorithm | undefined;

/** Keeps account of who fails to prove an identity; the ban book does. */
export interface AttemptGuard {
  mayTry(attempt: Attempt): boolean;
  succeeded(attempt: Attempt): void;
  failed(attempt: Attempt): void;
}

export interface AuthenticatorOptions {
  readonly realm: string;
  readonly clock: Clock;
  readonly credentialsFor: CredentialsFor;
  /** What phones are offered, the preferred first. Default MD5 alone. */
  readonly algorithms?: readonly DigestAlgorithm[] | undefined;
  /** Default 300000. */
  readonly nonceLifetimeMs?: number | undefined;
  /** Left out: everybody may try as often as the server lets requests through. */
  readonly guard?: AttemptGuard | undefined;
}

export type Authentication =
  | { readonly outcome: 'ok'; readonly userName: string }
  | { readonly outcome: 'refused'; readonly stale: boolean; readonly why: Refusal };

/**
 * `none`: there were no credentials.
 * `spent-nonce`: they answer a challenge that is too old, was answered by them before (as sip.js does when it refreshes),
 * or came from another process, such as the one before a restart: nobody can tell then what they would be worth.
 * `unknown-user`: there is no such user or session, as for a page that has not noticed that its session is over.
 * `wrong`: everything else.
 * `banned`: the guard does not let this account be tried from there; the credentials were not looked at.
 */
export type Refusal = 'none' | 'spent-nonce' | 'unknown-user' | 'wrong' | 'banned';

export class Authenticator {
  private readonly nonces: NonceMaker;

  constructor(private readonly options: AuthenticatorOptions) {
    this.nonces = new NonceMaker({
      clock: options.clock,
      secret: randomBytes(32),
      ...(options.nonceLifetimeMs === undefined ? {} : { lifetimeMs: options.nonceLifetimeMs }),
    });
  }

  check(req: SrfRequest): Authentication {
    const header = req.get('Authorization') ?? req.get('Proxy-Authorization');
    if (header === undefined) return { outcome: 'refused', stale: false, why: 'none' };
    const credentials = parseAuth(header);
    if (!credentials.ok) return { outcome: 'refused', stale: false, why: 'wrong' };
    const { realm, credentialsFor } = this.options;
    const userName = credentials.value.params.get('username') ?? '';
    const attempt = { source: req.source_address, account: userName };
    if (this.options.guard?.mayTry(attempt) === false) return { outcome: 'refused', stale: false, why: 'banned' };
    const algorithm = algorithmOf(credentials.value);
    const known = algorithm ? credentialsFor(userName, realm) : undefined;
    const verdict = verifyCredentials({
      credentials: credentials.value,
      method: req.method,
      body: Buffer.from(req.body ?? '', 'utf8'),
      realm,
      ha1: algorithm ? known?.[algorithm] : undefined,
      nonces: this.nonces,
      whom: networkOf(attempt.source),
    });
    if (verdict.outcome === 'ok') {
      this.options.guard?.succeeded(attempt);
      return { outcome: 'ok', userName };
    }
    const isCurrent = this.nonces.isCurrent(credentials.value.params.get('nonce') ?? '', networkOf(attempt.source));
    const isSpent = !isCurrent || verdict.failure === 'replayed';
    const why = isSpent ? 'spent-nonce' : algorithm && !known ? 'unknown-user' : 'wrong';
    // Only who has got our challenge is counted: on UDP anybody can write under another's address.
    if (!isSpent) this.options.guard?.failed(attempt);
    return { outcome: 'refused', stale: verdict.failure === 'stale', why };
  }

  /**
   * Answers 401, the same for known, unknown and banned users, with a header line for each algorithm that is offered;
   * only who sent the request can answer the challenge.
   *
   * Deviation from RFC 8760, section 2.4: SHA-256 is accepted always, but offered only where that is configured, and
   * never to browsers. SIPp 3.6 and sip.js 0.21 look at the first challenge alone, and give up when it is not MD5;
   * baresip 1.0 gives up when any of them is another.
   */
  challenge({ req, res }: { readonly req: SrfRequest; readonly res: SrfResponse }, stale: boolean): void {
    const isBrowser = /^wss?$/i.test(req.protocol);
    const challenges = buildChallenges({
      realm: this.options.realm,
      nonce: this.nonces.make(networkOf(req.source_address)),
      stale,
      algorithms: isBrowser ? ['MD5'] : (this.options.algorithms ?? ['MD5']),
    });
    // drachtio-srf joins the values of a list by commas, which RFC 3261, section 7.3.1 forbids here.
    res.send(401, { headers: { 'WWW-Authenticate': challenges.join('\r\nWWW-Authenticate: ') } });
  }
}
