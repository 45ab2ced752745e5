/**
 * Knows when we cannot keep up: the process runs its timers too late. New calls are refused then, so that those in
 * progress go on (RFC 3261, 21.5.4: 503 with Retry-After).
 *
 * ```
 * keeping up --lag over the limit--> overloaded --lag under half of it--> keeping up
 * ```
 */
import type { Clock, Timer } from '../../base/clock';

const PERIOD_MS = 50;

/** Weight of the newest measurement: about half a second of history. */
const WEIGHT = 0.2;

export class OverloadGuard {
  private readonly timer: Timer;
  private lastMs: number;
  private lagMs = 0;
  private state: 'keeping-up' | 'overloaded' = 'keeping-up';

  /** @param maxLagMs smoothed lateness of timers from which on new calls are refused. */
  constructor(private readonly deps: { readonly clock: Clock; readonly maxLagMs: number }) {
    this.lastMs = deps.clock.monotonicMs();
    this.timer = deps.clock.every(PERIOD_MS, () => this.measure());
  }

  get overloaded(): boolean {
    return this.state === 'overloaded';
  }

  close(): void {
    this.timer.cancel();
  }

  private measure(): void {
    const { clock, maxLagMs } = this.deps;
    const nowMs = clock.monotonicMs();
    const lateMs = Math.max(0, nowMs - this.lastMs - PERIOD_MS);
    this.lastMs = nowMs;
    this.lagMs += WEIGHT * (lateMs - this.lagMs);
    if (this.state === 'keeping-up' && this.lagMs > maxLagMs) this.state = 'overloaded';
    else if (this.state === 'overloaded' && this.lagMs < maxLagMs / 2) this.state = 'keeping-up';
  }
}
