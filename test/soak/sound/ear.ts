/** The last fifth of a second that one party has heard. */
import { WINDOW_SAMPLES } from './voices';

/** Who gets no packets for so long hears nothing. */
const SILENT_AFTER_MS = 250;

export class Ear {
  private readonly ring = new Int16Array(WINDOW_SAMPLES);
  private at = 0;
  private lastMs = -Infinity;

  /** Samples in the order of their arrival, 8 kHz. */
  take(samples: Int16Array): void {
    for (const sample of samples) {
      this.ring[this.at] = sample;
      this.at = (this.at + 1) % WINDOW_SAMPLES;
    }
    this.lastMs = performance.now();
  }

  /** Oldest first. */
  get window(): Int16Array {
    if (performance.now() - this.lastMs > SILENT_AFTER_MS) return new Int16Array(WINDOW_SAMPLES);
    const window = new Int16Array(WINDOW_SAMPLES);
    window.set(this.ring.subarray(this.at));
    window.set(this.ring.subarray(0, this.at), WINDOW_SAMPLES - this.at);
    return window;
  }
}
