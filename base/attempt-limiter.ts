/**
 * Counts failed attempts, such as sign-ins, per key (an account, an address) in a sliding window. An attempt is counted
 * when it begins and taken back when it succeeds, so that a thousand at once are limited as well as a thousand in turn.
 */
import type { Clock } from './clock';

export interface AttemptLimits {
  readonly maxFailures: number;
  readonly windowMs: number;
  /** The most keys that are remembered; the one touched longest ago is forgotten first. */
  readonly maxKeys: number;
}

export class AttemptLimiter {
  /** Times of the attempts, oldest first. A Map keeps insertion order: its first key is the one touched longest ago. */
  private readonly attempts = new Map<string, number[]>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: AttemptLimits,
  ) {}

  /** Zero when an attempt may be made now, else how long to wait. */
  waitMs(key: string): number {
    const recent = this.recent(key);
    const oldest = recent[recent.length - this.limits.maxFailures];
    return oldest === undefined ? 0 : Math.max(1, oldest + this.limits.windowMs - this.clock.monotonicMs());
  }

  begin(key: string): void {
    const recent = this.recent(key);
    recent.push(this.clock.monotonicMs());
    this.attempts.delete(key);
    this.attempts.set(key, recent.slice(-this.limits.maxFailures));
    if (this.attempts.size <= this.limits.maxKeys) return;
    for (const stalest of this.attempts.keys()) {
      this.attempts.delete(stalest);
      return;
    }
  }

  /** The attempt that began last was no failure. */
  takeBack(key: string): void {
    const recent = this.recent(key);
    recent.pop();
    if (recent.length === 0) this.attempts.delete(key);
  }

  /** Forgets a key's failures: its owner has proved who he is. */
  forgive(key: string): void {
    this.attempts.delete(key);
  }

  get rememberedKeys(): number {
    return this.attempts.size;
  }

  private recent(key: string): number[] {
    const times = this.attempts.get(key);
    if (!times) return [];
    const sinceMs = this.clock.monotonicMs() - this.limits.windowMs;
    while (times[0] !== undefined && times[0] <= sinceMs) times.shift();
    if (times.length === 0) this.attempts.delete(key);
    return times;
  }
}
