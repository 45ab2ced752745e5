/**
 * The one 20 ms beat of a media process. Everything that produces sound by itself hangs on it, so that a thousand plays
 * cost one timer. Beats are counted from a fixed start: a late timer is followed by the missed beats at once, and the
 * beat does not drift; after a long stall what was missed is skipped instead of sent in one burst.
 */
import type { Clock, Timer } from '../base/clock';
import { FRAME_MS } from './codec/g711';

/** 100 ms: within the jitter buffer of any phone. */
const MAX_BURST_FRAMES = 5;

export class FrameTicker {
  private readonly subscribers = new Set<() => void>();
  private timer: Timer | undefined;
  private nextBeatMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Calls `onFrame` every 20 ms, the first time 20 ms from now at most; returns the function that ends this. */
  subscribe(onFrame: () => void): () => void {
    this.subscribers.add(onFrame);
    if (!this.timer) {
      this.nextBeatMs = this.clock.monotonicMs() + FRAME_MS;
      this.schedule();
    }
    return () => this.unsubscribe(onFrame);
  }

  private unsubscribe(onFrame: () => void): void {
    this.subscribers.delete(onFrame);
    if (this.subscribers.size > 0) return;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private schedule(): void {
    const waitMs = Math.max(0, this.nextBeatMs - this.clock.monotonicMs());
    this.timer = this.clock.after(waitMs, () => this.tick());
  }

  private tick(): void {
    const nowMs = this.clock.monotonicMs();
    const dueFrames = Math.floor((nowMs - this.nextBeatMs) / FRAME_MS) + 1;
    // Timers may fire a fraction of a millisecond early.
    const frames = Math.max(1, dueFrames);
    for (let frame = 0; frame < Math.min(frames, MAX_BURST_FRAMES); frame += 1)
      for (const onFrame of [...this.subscribers]) if (this.subscribers.has(onFrame)) onFrame();
    this.nextBeatMs += frames * FRAME_MS;
    if (this.subscribers.size > 0) this.schedule();
  }
}
