/**
 * Bounds what one source may ask of us before we know it: a bucket of requests for each address, filled steadily.
 *
 * Known is whose request an app has accepted; those are never counted, so that a flood of strangers, or one under a
 * carrier's own address in a burst of calls, leaves carriers and registered phones alone.
 */
import { BoundedMap } from '../../base/bounded-map';
import type { Clock } from '../../base/clock';
import { networkOf } from '../../base/network';

export interface FloodLimits {
  /** Requests that a stranger may send at once. */
  readonly burst: number;
  /** Requests a second that a stranger may go on with. */
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

const MAX_SOURCES = 20_000;
const MAX_KNOWN = 50_000;

/** How long a source stays known after an app has accepted something from it. */
const KNOWN_MS = 60 * 60_000;

export class FloodGuard {
  private readonly buckets = new BoundedMap<string, Bucket>(MAX_SOURCES);
  private readonly known = new BoundedMap<string, number>(MAX_KNOWN);

  constructor(private readonly deps: { readonly clock: Clock; readonly limits: FloodLimits }) {}

  /** An app has accepted a request of this address. */
  trust(address: string): void {
    this.known.set(address, this.deps.clock.monotonicMs() + KNOWN_MS);
    this.buckets.delete(networkOf(address));
  }

  /** Whether an app has accepted something of this address within the last hour. */
  knows(address: string): boolean {
    return (this.known.get(address) ?? 0) > this.deps.clock.monotonicMs();
  }

  /** Whether a request of this address may be looked at; otherwise it is to be dropped in silence. */
  admits(address: string): boolean {
    const nowMs = this.deps.clock.monotonicMs();
    if (this.knows(address)) return true;
    const { burst, perSecond } = this.deps.limits;
    const source = networkOf(address);
    const bucket = this.buckets.get(source) ?? { tokens: burst, filledAtMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.filledAtMs) * perSecond) / 1_000);
    bucket.filledAtMs = nowMs;
    // The newest goes to the end, so that the source unheard for longest is forgotten first.
    this.buckets.set(source, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
