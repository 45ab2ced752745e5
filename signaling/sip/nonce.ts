/**
 * Nonces that carry their own proof: no table of issued nonces, only of the counters seen on those still valid.
 *
 *     nonce = base64url( issued-ms(6 bytes) | random(6) | HMAC-SHA-256(secret, issued | random | whom) first 16 bytes )
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock';

export interface NonceOptions {
  readonly clock: Clock;
  /** At least 32 random bytes; nonces of another secret are stale. */
  readonly secret: Buffer;
  /** Default 300000 (five minutes). */
  readonly lifetimeMs?: number;
  /** Bound on remembered nonces; the oldest goes first and is then stale. Default 20000. */
  readonly maxRemembered?: number;
}

/** `fresh`: use it. `stale`: too old, forgotten or not ours. `replayed`: this counter was used before. */
export type NonceUse = 'fresh' | 'stale' | 'replayed';

const HEAD_BYTES = 12;
const MAC_BYTES = 16;

/** How far a counter may lag behind the highest seen, for requests that overtake each other on UDP. */
const WINDOW = 32;

interface Counter {
  highest: number;
  /** Bit n: the counter `highest - n` was seen. */
  seen: number;
}

export class NonceMaker {
  private readonly lifetimeMs: number;
  private readonly maxRemembered: number;
  /** In the order of first use. */
  private readonly counters = new Map<string, Counter>();
  /** Nonces issued before this are stale: their counters may have been forgotten. */
  private forgottenUntilMs = 0;

  constructor(private readonly options: NonceOptions) {
    this.lifetimeMs = options.lifetimeMs ?? 300_000;
    this.maxRemembered = options.maxRemembered ?? 20_000;
  }

  /** @param whom the nonce is for, such as an address; nobody else can use it. Default: anybody. */
  make(whom = ''): string {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUIntBE(this.options.clock.nowMs(), 0, 6);
    randomBytes(6).copy(head, 6);
    return Buffer.concat([head, this.mac(head, whom)]).toString('base64url');
  }

  /** Number of nonces whose counters are held. */
  get remembered(): number {
    return this.counters.size;
  }

  /** Spends one counter value of a nonce (or the whole nonce: `once`). To be called only for correct credentials. */
  use(nonce: string, count: number | 'once', whom = ''): NonceUse {
    const issuedMs = this.currentSinceMs(nonce, whom);
    if (issuedMs === undefined) return 'stale';
    const counter = this.counters.get(nonce);
    if (!counter) {
      if (issuedMs < this.forgottenUntilMs) return 'stale';
      this.remember(nonce, count === 'once' ? Number.MAX_SAFE_INTEGER : count);
      return 'fresh';
    }
    return count !== 'once' && spend(counter, count) ? 'fresh' : 'replayed';
  }

  /** Whether the nonce is ours, made for `whom`, and not too old; says nothing about its counter. */
  isCurrent(nonce: string, whom = ''): boolean {
    return this.currentSinceMs(nonce, whom) !== undefined;
  }

  private currentSinceMs(nonce: string, whom: string): number | undefined {
    const issuedMs = this.issuedMs(nonce, whom);
    const ageMs = this.options.clock.nowMs() - (issuedMs ?? 0);
    return ageMs > this.lifetimeMs || ageMs < 0 ? undefined : issuedMs;
  }

  /** When we issued the nonce, in milliseconds since 1970; undefined when it is not ours, or another's. */
  private issuedMs(nonce: string, whom: string): number | undefined {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== HEAD_BYTES + MAC_BYTES || bytes.toString('base64url') !== nonce) return undefined;
    const head = bytes.subarray(0, HEAD_BYTES);
    return timingSafeEqual(this.mac(head, whom), bytes.subarray(HEAD_BYTES)) ? head.readUIntBE(0, 6) : undefined;
  }

  private mac(head: Buffer, whom: string): Buffer {
    return createHmac('sha256', this.options.secret).update(head).update(whom).digest().subarray(0, MAC_BYTES);
  }

  private remember(nonce: string, count: number): void {
    for (const [oldest] of this.counters) {
      const issuedMs = issuedMsOf(oldest);
      const expired = this.options.clock.nowMs() - issuedMs > this.lifetimeMs;
      if (!expired && this.counters.size < this.maxRemembered) break;
      this.counters.delete(oldest);
      if (!expired) this.forgottenUntilMs = Math.max(this.forgottenUntilMs, issuedMs + 1);
    }
    this.counters.set(nonce, { highest: count, seen: 1 });
  }
}

/** When a nonce that has proved to be ours was issued. */
const issuedMsOf = (nonce: string): number => Buffer.from(nonce, 'base64url').readUIntBE(0, 6);

/** Marks a counter value as seen; false when it was before, or lags too far behind to know. */
const spend = (counter: Counter, count: number): boolean => {
  const ahead = count - counter.highest;
  if (ahead > 0) {
    counter.seen = ahead >= WINDOW ? 1 : ((counter.seen << ahead) | 1) >>> 0;
    counter.highest = count;
    return true;
  }
  const bit = -ahead >= WINDOW ? 0 : (1 << -ahead) >>> 0;
  if (bit === 0 || (counter.seen & bit) !== 0) return false;
  counter.seen = (counter.seen | bit) >>> 0;
  return true;
};
