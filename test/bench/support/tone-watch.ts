/** Finds the first packet that carries a tone. */
import { fromPcm16, hearsTone } from '../../support/spectrum';

/** Far below what the agent's microphone gives, far above what music holds at one frequency. */
const MIN_LEVEL_DBFS = -30;

export class ToneWatch {
  private readonly arrivals: number[] = [];
  private readonly waiting: (() => void)[] = [];

  /** @param nowMs the system clock, in ms. */
  constructor(
    private readonly frequencyHz: number,
    private readonly nowMs: () => number,
  ) {}

  /** Takes a packet at the moment of its arrival. It carries the tone when most of its power is the tone's. */
  take(samples: Int16Array): void {
    const atMs = this.nowMs();
    if (!hearsTone(fromPcm16(samples), this.frequencyHz, MIN_LEVEL_DBFS)) return;
    this.arrivals.push(atMs);
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Resolves with the next packet that carries the tone. */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** When packets with the tone arrived. */
  get arrivalsMs(): readonly number[] {
    return this.arrivals;
  }
}
