/**
 * How late packets come. The fastest packet of the last seconds stands for the network without queues; all others are
 * late against it. Because the fastest is forgotten after a while, a sender whose clock runs away from ours is followed.
 */

/** Packets that lateness is judged by: five seconds at 20 ms. */
const REMEMBERED_PACKETS = 256;
/** Share of them that shall come in time. */
const IN_TIME_SHARE = 0.99;
const RECOMPUTED_EVERY = 16;
/** The fastest packet counts for two to four seconds: 100 ppm of skew are 0.4 ms in that time. */
const BUCKET_MS = 2000;
/** Scheduling of our own process. */
const LEAST_TARGET_MS = 6;
const LARGEST_TARGET_MS = 160;

export class DelayEstimator {
  private readonly latenesses: number[] = [];
  private noted = 0;
  private target = LEAST_TARGET_MS;
  private bucketStartMs = -Infinity;
  private fastest = Infinity;
  private fastestBefore = Infinity;

  /** @param sentMs the packet's RTP timestamp in milliseconds of the sender's clock. */
  note(sentMs: number, arrivalMs: number): void {
    const transitMs = arrivalMs - sentMs;
    if (arrivalMs - this.bucketStartMs > BUCKET_MS) {
      this.fastestBefore = this.fastest;
      this.fastest = Infinity;
      this.bucketStartMs = arrivalMs;
    }
    this.fastest = Math.min(this.fastest, transitMs);
    this.latenesses[this.noted % REMEMBERED_PACKETS] = transitMs - this.baseMs;
    this.noted += 1;
    if (this.noted <= RECOMPUTED_EVERY || this.noted % RECOMPUTED_EVERY === 0) this.recompute();
  }

  /** Transit of the fastest packet: arrival less sending, between two clocks that have nothing in common. */
  get baseMs(): number {
    return Math.min(this.fastest, this.fastestBefore);
  }

  /** How much later than the fastest packet's sound the sound should be played. */
  get targetMs(): number {
    return this.target;
  }

  /** Forgets the sender's clock, but not the network's habits. */
  restart(): void {
    this.fastest = Infinity;
    this.fastestBefore = Infinity;
    this.bucketStartMs = -Infinity;
  }

  private recompute(): void {
    const sorted = Float64Array.from(this.latenesses).sort();
    const late = sorted[Math.ceil(sorted.length * IN_TIME_SHARE) - 1] ?? 0;
    this.target = Math.min(LARGEST_TARGET_MS, Math.max(LEAST_TARGET_MS, late + 1));
  }
}
