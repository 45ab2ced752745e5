/**
 * Tells the desks how the queues are. Every change of an agent changes them, and every desk is told of all: so the first
 * change is told at once, and those that follow within a moment together.
 */
import type { Clock, Timer } from '../base/clock';

const APART_MS = 250;

export interface QueueNewsDeps {
  readonly clock: Clock;
  readonly tell: () => void;
}

export class QueueNews {
  private toldMs = -Infinity;
  /** Runs while a change waits to be told. */
  private timer: Timer | undefined;

  constructor(private readonly deps: QueueNewsDeps) {}

  changed(): void {
    if (this.timer) return;
    const waitMs = this.toldMs + APART_MS - this.deps.clock.monotonicMs();
    if (waitMs <= 0) this.tell();
    else this.timer = this.deps.clock.after(waitMs, () => this.tell());
  }

  /** What waits is not told any more. Idempotent. */
  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private tell(): void {
    this.close();
    this.toldMs = this.deps.clock.monotonicMs();
    this.deps.tell();
  }
}
