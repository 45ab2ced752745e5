/**
 * Notices when this process did nothing for a while, such as while its machine was busy: packets that came meanwhile
 * are read late, all at once, and are no later than their senders meant them to be.
 */
import type { Clock, Timer } from '../../base/clock';

const PERIOD_MS = 50;
/** Less is the ordinary unpunctuality of timers. */
const MIN_STALL_MS = 100;
/** How long it takes at most until the sockets have been read. */
const CATCH_UP_MS = 500;
/** What is later than this is lost, so that recordings are written in the end, and in bounded memory. */
const MAX_STALL_MS = 2500;

export class StallWatch {
  private timer: Timer | undefined;
  private users = 0;
  private lastMs = 0;
  private stalledMs = 0;
  private caughtUpAtMs = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** Watches until the function it returns is called. */
  use(): () => void {
    this.users += 1;
    if (!this.timer) {
      this.lastMs = this.clock.monotonicMs();
      this.timer = this.clock.every(PERIOD_MS, () => this.tick());
    }
    let using = true;
    return () => {
      if (!using) return;
      using = false;
      this.users -= 1;
      if (this.users > 0) return;
      this.timer?.cancel();
      this.timer = undefined;
    };
  }

  /** How much later than it came a packet may be read now; 0 as a rule. */
  lateByMs(nowMs = this.clock.monotonicMs()): number {
    if (!this.timer) return 0;
    const present = this.overdueMs(nowMs);
    return Math.min(MAX_STALL_MS, Math.max(present, nowMs < this.caughtUpAtMs ? this.stalledMs : 0));
  }

  private tick(): void {
    const nowMs = this.clock.monotonicMs();
    const overdue = this.overdueMs(nowMs);
    this.lastMs = nowMs;
    if (overdue === 0) return;
    this.stalledMs = nowMs < this.caughtUpAtMs ? Math.max(this.stalledMs, overdue) : overdue;
    this.caughtUpAtMs = nowMs + CATCH_UP_MS;
  }

  private overdueMs(nowMs: number): number {
    const overdue = nowMs - this.lastMs - PERIOD_MS;
    return overdue >= MIN_STALL_MS ? overdue : 0;
  }
}
