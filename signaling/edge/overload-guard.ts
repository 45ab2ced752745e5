/**
 * Knows when we cannot keep up, and how many of the new calls are to be refused (RFC 3261, 21.5.4: 503 with Retry-After)
 * so that those in progress go on.
 *
 * Three delays are watched: that of our own timers; that of datagrams in the buffer of our socket, which may hold the
 * messages of a second; and that of the app with a BYE, which needs no decision and is answered at once in good times.
 * The worst of them, as far as it stands, and smoothed, decides: the later, the larger the share that is refused. So the delay settles where what
 * is let in is what can be carried, instead of swinging between all and nothing.
 *
 * ```
 * share refused  1 |            ________
 *                  |          /
 *                0 |_________/
 *                     toleratedMs   refuseAllMs     delay
 * ```
 */
import type { Clock, Timer } from '../../base/clock';

export interface OverloadLimits {
  /** Up to this smoothed delay every call is let in. */
  readonly toleratedMs: number;
  /** From this smoothed delay on none is. */
  readonly refuseAllMs: number;
}

export interface OverloadDependencies {
  readonly clock: Clock;
  readonly limits: OverloadLimits;
  /** How long datagrams wait until we read them. */
  readonly socketDelayMs: () => number;
}

const PERIOD_MS = 50;

/** Weight of the newest measurement: about a fifth of a second of history. */
const WEIGHT = 0.25;

const SEVERAL = 10;

/** A measurement counts for this at the most. */
const WORST_MS = 2_000;

/**
 * One pause, however long, is no overload: what has waited is read in one go, and the next is on time. Of so many
 * measurements the best counts, as only a delay that stands is one that refusals can help.
 */
const STANDING = 5;

export class OverloadGuard {
  private readonly timer: Timer;
  private lastMs: number;
  private delayMs = 0;
  /** The latest measurements, of which there are {@link STANDING} at most. */
  private readonly latest: number[] = [];
  /** When each BYE was handed to the app; oldest first. */
  private readonly unanswered = new Map<string, number>();
  private answers = { count: 0, totalMs: 0 };
  /** Refusals that are owed: each new call adds the share, each refusal takes one away. */
  private owed = 0;

  constructor(private readonly deps: OverloadDependencies) {
    this.lastMs = deps.clock.monotonicMs();
    this.timer = deps.clock.every(PERIOD_MS, () => this.measure());
  }

  /** From 0 to 1. */
  get shareRefused(): number {
    const { toleratedMs, refuseAllMs } = this.deps.limits;
    return Math.min(1, Math.max(0, (this.delayMs - toleratedMs) / (refuseAllMs - toleratedMs)));
  }

  /** Whether a call that begins now is to be refused. Asked once for each. */
  refusesNext(): boolean {
    this.owed += this.shareRefused;
    if (this.owed < 1) return false;
    this.owed -= 1;
    return true;
  }

  /** A BYE was handed to the app. */
  handedOver(id: string): void {
    this.unanswered.set(id, this.deps.clock.monotonicMs());
  }

  /** The app has answered, or there is nothing to answer any more. */
  answered(id: string): void {
    const sinceMs = this.unanswered.get(id);
    if (sinceMs === undefined) return;
    this.unanswered.delete(id);
    this.answers.count += 1;
    this.answers.totalMs += this.deps.clock.monotonicMs() - sinceMs;
  }

  close(): void {
    this.timer.cancel();
    this.unanswered.clear();
  }

  private measure(): void {
    const nowMs = this.deps.clock.monotonicMs();
    const lateMs = nowMs - this.lastMs - PERIOD_MS;
    this.lastMs = nowMs;
    const { count, totalMs } = this.answers;
    const answeredMs = count === 0 ? 0 : totalMs / count;
    this.answers = { count: 0, totalMs: 0 };
    const measuredMs = Math.max(0, lateMs, answeredMs, this.waitedMs(nowMs), this.deps.socketDelayMs());
    this.latest.push(Math.min(measuredMs, WORST_MS));
    if (this.latest.length > STANDING) this.latest.shift();
    this.delayMs += WEIGHT * (Math.min(...this.latest) - this.delayMs);
  }

  /** How long several BYEs have waited at least. A single one may have met an app that forgets to answer. */
  private waitedMs(nowMs: number): number {
    let left = SEVERAL;
    for (const sinceMs of this.unanswered.values()) {
      left -= 1;
      if (left === 0) return nowMs - sinceMs;
    }
    return 0;
  }
}
