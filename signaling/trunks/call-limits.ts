/** How many calls a trunk carries at once, and how many begin in a second. */
import type { Clock } from '../../base/clock';
import type { LimitSettings } from './settings';

export type CallDirection = 'inbound' | 'outbound';

/** A call's place in its trunk. */
export interface CallLease {
  readonly granted: true;
  /** Idempotent. */
  release(): void;
}

export interface CallRefusal {
  readonly granted: false;
  readonly limit: 'calls' | 'calls-per-second';
  /** When it is worth while to try again. */
  readonly retryAfterS: number;
}

/** A call takes minutes: one that waits for another's end need not ask again at once. */
const RETRY_WHEN_FULL_S = 5;

/** A bucket that holds one second's calls and is refilled all the time. */
interface Bucket {
  tokens: number;
  filledAtMs: number;
}

export class CallLimiter {
  private limits: LimitSettings;
  private readonly open: Record<CallDirection, number> = { inbound: 0, outbound: 0 };
  private readonly buckets: Partial<Record<CallDirection, Bucket>> = {};

  constructor(
    private readonly clock: Clock,
    limits: LimitSettings = {},
  ) {
    this.limits = limits;
  }

  /** Calls that are open now. */
  get calls(): Readonly<Record<CallDirection, number>> {
    return { ...this.open };
  }

  /** New limits; calls in progress stay, and count. */
  change(limits: LimitSettings = {}): void {
    this.limits = limits;
  }

  take(direction: CallDirection): CallLease | CallRefusal {
    const { calls } = this.limits;
    if (calls !== undefined && this.open.inbound + this.open.outbound >= calls) {
      return { granted: false, limit: 'calls', retryAfterS: RETRY_WHEN_FULL_S };
    }
    const perS = direction === 'inbound' ? this.limits.inboundPerS : this.limits.outboundPerS;
    if (perS !== undefined && !this.spend(direction, perS)) {
      return { granted: false, limit: 'calls-per-second', retryAfterS: 1 };
    }
    return this.hold(direction);
  }

  /** A place for a call that has had one before: there is always room for it. */
  hold(direction: CallDirection): CallLease {
    this.open[direction] += 1;
    let held = true;
    return {
      granted: true,
      release: () => {
        if (held) this.open[direction] -= 1;
        held = false;
      },
    };
  }

  private spend(direction: CallDirection, perS: number): boolean {
    const nowMs = this.clock.monotonicMs();
    const capacity = Math.max(1, perS);
    const bucket = (this.buckets[direction] ??= { tokens: capacity, filledAtMs: nowMs });
    bucket.tokens = Math.min(capacity, bucket.tokens + ((nowMs - bucket.filledAtMs) / 1_000) * perS);
    bucket.filledAtMs = nowMs;
    // Refilling in small steps leaves rounding errors.
    if (bucket.tokens < 1 - 1e-9) return false;
    bucket.tokens -= 1;
    return true;
  }
}
