/**
 * How many sign-ins may fail. Colleagues share one address behind a router or a reverse proxy, and a stranger knows an
 * account's name: the tight limit is therefore on both together, and the others are wide. Who has signed in from an
 * address before is held to the tight limit only, so that nobody else's failures lock him out.
 */
import type { Clock } from '../../base/clock';
import { AttemptLimiter } from '../../base/attempt-limiter';
import type { AttemptLimits } from '../../base/attempt-limiter';
import { networkOf } from '../../base/network';

const MINUTE_MS = 60_000;
const MAX_KEYS = 10_000;

export const PAIR_LIMITS: AttemptLimits = { maxFailures: 10, windowMs: 15 * MINUTE_MS, maxKeys: MAX_KEYS };
export const ACCOUNT_LIMITS: AttemptLimits = { maxFailures: 50, windowMs: 60 * MINUTE_MS, maxKeys: MAX_KEYS };
export const ADDRESS_LIMITS: AttemptLimits = { maxFailures: 300, windowMs: 15 * MINUTE_MS, maxKeys: MAX_KEYS };
/** How long an account's success from an address is remembered. */
export const KNOWN_MS = 7 * 24 * 60 * MINUTE_MS;

/** An attempt that has been counted as a failure until its end is known. */
export interface Attempt {
  readonly waitMs: 0;
  succeeded(): void;
  /** Neither success nor failure: it could not be decided. */
  takeBack(): void;
}

export interface Limited {
  /** How long no attempt may be made. */
  readonly waitMs: number;
}

export class SignInLimits {
  private readonly pairs: AttemptLimiter;
  private readonly accounts: AttemptLimiter;
  private readonly addresses: AttemptLimiter;
  /** When each account last signed in from an address; its first key is the one touched longest ago. */
  private readonly known = new Map<string, number>();

  constructor(private readonly clock: Clock) {
    this.pairs = new AttemptLimiter(clock, PAIR_LIMITS);
    this.accounts = new AttemptLimiter(clock, ACCOUNT_LIMITS);
    this.addresses = new AttemptLimiter(clock, ADDRESS_LIMITS);
  }

  begin(userName: string, address: string): Attempt | Limited {
    const account = userName.toLowerCase();
    const network = networkOf(address);
    const pair = `${network} ${account}`;
    const counters: [AttemptLimiter, string][] = [[this.pairs, pair]];
    if (!this.isKnown(pair)) counters.push([this.accounts, account], [this.addresses, network]);
    const waitMs = Math.max(...counters.map(([limiter, key]) => limiter.waitMs(key)));
    if (waitMs > 0) return { waitMs };
    for (const [limiter, key] of counters) limiter.begin(key);
    const takeBack = (): void => {
      for (const [limiter, key] of counters) limiter.takeBack(key);
    };
    return {
      waitMs: 0,
      succeeded: () => {
        takeBack();
        this.pairs.forgive(pair);
        this.remember(pair);
      },
      takeBack,
    };
  }

  private isKnown(pair: string): boolean {
    const lastMs = this.known.get(pair);
    return lastMs !== undefined && this.clock.monotonicMs() - lastMs < KNOWN_MS;
  }

  private remember(pair: string): void {
    this.known.delete(pair);
    this.known.set(pair, this.clock.monotonicMs());
    const [stalest] = this.known.keys();
    if (this.known.size > MAX_KEYS && stalest !== undefined) this.known.delete(stalest);
  }
}
