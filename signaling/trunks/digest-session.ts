/**
 * Our side of digest authentication towards one carrier (RFC 3261, 22; RFC 7616; RFC 8760): MD5, SHA-256, SHA-512-256,
 * qop `auth` and `auth-int`. drachtio-srf's own client knows MD5 with `auth` only, and only one challenge.
 */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { answerChallenge, strongestChallenge } from '../sip/digest';
import type { AuthValue } from '../sip/headers/auth';
import { parseChallenges } from '../sip/headers/auth-list';
import type { Account } from './settings';

export interface DigestRequest {
  readonly method: string;
  /** The Request-URI, as it is sent. */
  readonly uri: string;
  readonly body: string;
}

/** What a response says about it. */
export interface ChallengingResponse {
  readonly status: number;
  get(name: string): string | undefined;
}

/** Headers to be added to a request. */
export type Credentials = Readonly<Record<string, string>>;

type Asker = 'server' | 'proxy';

const HEADERS: Readonly<Record<Asker, { readonly challenge: string; readonly credentials: string }>> = {
  server: { challenge: 'WWW-Authenticate', credentials: 'Authorization' },
  proxy: { challenge: 'Proxy-Authenticate', credentials: 'Proxy-Authorization' },
};

interface Held {
  readonly challenge: AuthValue;
  /** How often its nonce has been used. */
  count: number;
}

export const isChallenge = (status: number): boolean => status === 401 || status === 407;

/** Keeps the last challenge of each asker, so that later requests need no second round (RFC 7616, 3.4, nonce count). */
export class DigestSession {
  private readonly held = new Map<Asker, Held>();

  constructor(private readonly account: Account) {}

  get username(): string {
    return this.account.username;
  }

  /** Credentials for the challenges that are still good; none before the first. */
  credentials(request: DigestRequest): Credentials {
    const headers: Record<string, string> = {};
    for (const [asker, held] of this.held) {
      held.count += 1;
      const { username, password } = this.account;
      const { challenge, count } = held;
      const answered = answerChallenge({
        ...{ challenge, count, user: username, password, method: request.method, uri: request.uri },
        body: Buffer.from(request.body, 'utf8'),
      });
      if (answered.ok) headers[HEADERS[asker].credentials] = answered.value;
      else this.held.delete(asker);
    }
    return headers;
  }

  /**
   * Takes the challenge of a 401 or 407 that answers a request sent with `sent`.
   * Errors: `unauthenticated` when it refuses the credentials themselves; `unsupported` when there is no challenge that
   * we could answer.
   */
  challenged(response: ChallengingResponse, sent: Credentials): Result<void> {
    const asker: Asker = response.status === 407 ? 'proxy' : 'server';
    const names = HEADERS[asker];
    const challenge = strongestChallenge(parseChallenges(response.get(names.challenge) ?? ''));
    if (!challenge) {
      this.held.delete(asker);
      return fail('unsupported', `the ${response.status} has no digest challenge of MD5, SHA-256 or SHA-512-256`);
    }
    const before = this.held.get(asker);
    const nonce = challenge.params.get('nonce');
    const isStale = challenge.params.get('stale')?.toLowerCase() === 'true';
    const hasRefused = sent[names.credentials] !== undefined && !isStale && !this.isRenewed(before, nonce);
    this.held.set(asker, { challenge, count: 0 });
    if (!hasRefused) return ok(undefined);
    this.held.delete(asker);
    return fail('unauthenticated', `the user name or password of ${this.account.username} was refused`);
  }

  /** A nonce that was used before may have expired without the server's saying `stale`: it deserves one more try. */
  private isRenewed(before: Held | undefined, nonce: string | undefined): boolean {
    return before !== undefined && before.count > 1 && before.challenge.params.get('nonce') !== nonce;
  }
}
