/**
 * Keeps strangers from costing us anything: before a request may open a transaction, it must come from somebody who has
 * to do with us. Whoever has not is refused without state, or not answered at all.
 *
 * The app stays the authority about who may do what. This guard only knows who is out of the question, and only after
 * an app has told it so (extension `strangers`); until then every request goes to the app.
 */
import { BoundedMap } from '../../../base/bounded-map';
import type { Clock } from '../../../base/clock';
import { networkOf } from '../../../base/network';
import type { Result } from '../../../base/result';
import { ok } from '../../../base/result';
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import type { StrangerPolicy } from './policy';
import { readPolicy } from './policy';
import { looksLikeScanner } from './scanners';

export interface StrangerGuardDependencies {
  readonly clock: Clock;
  /** Whether an app has accepted something from there lately. */
  readonly isKnown: (address: string) => boolean;
  /** Whether the request belongs to a transaction, a dialog or a route of ours. */
  readonly isExpected: (request: SipRequest) => boolean;
  /** Called with the tenth refused request of a source within a minute, and at most every ten minutes. */
  readonly onKnocking: (knocking: Knocking, connection: Connection) => void;
}

/** One source's refused requests. */
export interface Knocking {
  readonly network: string;
  readonly refused: number;
  readonly method: string;
  readonly userAgent: string | undefined;
}

export type StrangerVerdict = 'admit' | 'reply' | 'silence';

interface Knocks {
  sinceMs: number;
  refused: number;
  toldAtMs: number | undefined;
}

const KNOCKS_TO_TELL = 10;
const WINDOW_MS = 60_000;
const TELL_AGAIN_MS = 10 * 60_000;
const MAX_SOURCES = 10_000;

export class StrangerGuard {
  private policy: StrangerPolicy | undefined;
  private readonly knocks = new BoundedMap<string, Knocks>(MAX_SOURCES);

  constructor(private readonly deps: StrangerGuardDependencies) {}

  /** Takes an app's settings; the latest count. Fault `bad_input` names what is wrong, and changes nothing. */
  configure(input: unknown): Result<void> {
    const policy = readPolicy(input);
    if (!policy.ok) return policy;
    this.policy = policy.value;
    return ok(undefined);
  }

  /** Whether an app wants to see whatever comes from there. */
  isPeer(address: string): boolean {
    return this.policy?.isPeer(address) ?? false;
  }

  /** Whether a message from there that cannot be read deserves no answer. */
  ignores(connection: Connection): boolean {
    return this.policy?.refusal === 'silence' && !this.hasBusiness(this.policy, connection);
  }

  judge(request: SipRequest, connection: Connection): StrangerVerdict {
    const { policy } = this;
    if (!policy || this.hasBusiness(policy, connection)) return 'admit';
    // An ACK opens nothing and is never answered.
    if (request.method === 'ACK' || this.deps.isExpected(request)) return 'admit';
    if (looksLikeScanner(request)) return this.refuse('silence', request, connection);
    const identifiesItself =
      request.method === 'REGISTER' || request.has('Authorization') || request.has('Proxy-Authorization');
    if (identifiesItself && policy.mayAuthenticate(connection.remote.address)) return 'admit';
    return this.refuse(policy.refusal, request, connection);
  }

  /** SIP over WebSocket without TLS is taken from the app's own door only, behind which users are signed in. */
  private hasBusiness(policy: StrangerPolicy, { protocol, remote }: Connection): boolean {
    return protocol === 'ws' || this.deps.isKnown(remote.address) || policy.isPeer(remote.address);
  }

  private refuse<Verdict>(verdict: Verdict, request: SipRequest, connection: Connection): Verdict {
    const nowMs = this.deps.clock.monotonicMs();
    const network = networkOf(connection.remote.address);
    const knocks = this.knocks.get(network) ?? { sinceMs: nowMs, refused: 0, toldAtMs: undefined };
    if (nowMs - knocks.sinceMs > WINDOW_MS) Object.assign(knocks, { sinceMs: nowMs, refused: 0 });
    knocks.refused += 1;
    this.knocks.set(network, knocks);
    const mayTell = knocks.toldAtMs === undefined || nowMs - knocks.toldAtMs > TELL_AGAIN_MS;
    if (knocks.refused >= KNOCKS_TO_TELL && mayTell) {
      knocks.toldAtMs = nowMs;
      const userAgent = request.get('User-Agent')?.slice(0, 100);
      this.deps.onKnocking({ network, refused: knocks.refused, method: request.method, userAgent }, connection);
    }
    return verdict;
  }
}
