/** What a bad network does to each packet, decided by a seed so that a run can be repeated. */
import { SeededRandom } from '../../base/random';

export interface ImpairmentOptions {
  readonly seed: number;
  /** 0 to 1. */
  readonly lossShare: number;
  readonly delayMs: number;
  /** Added to the delay, uniformly from 0 to this: packets overtake each other when it exceeds their distance. */
  readonly jitterMs: number;
  /** Share of packets that arrive twice. Default 0. */
  readonly duplicateShare?: number;
}

export class Impairment {
  private readonly random: SeededRandom;

  /** Throws a RangeError for shares outside 0 to 1 and for negative times. */
  constructor(private readonly options: ImpairmentOptions) {
    const { lossShare, delayMs, jitterMs, duplicateShare = 0 } = options;
    for (const share of [lossShare, duplicateShare])
      if (!(share >= 0 && share <= 1)) throw new RangeError(`a share is from 0 to 1, not ${share}`);
    if (!(delayMs >= 0 && jitterMs >= 0)) throw new RangeError('delay and jitter are not negative');
    this.random = new SeededRandom(options.seed);
  }

  /** When copies of the next packet arrive, in milliseconds from now; none when it is lost. */
  next(): readonly number[] {
    const { lossShare, delayMs, jitterMs, duplicateShare = 0 } = this.options;
    // Always the same number of draws, so that one packet's fate does not change the next one's.
    const [loss, first, duplicate, second] = [
      this.random.next(),
      this.random.next(),
      this.random.next(),
      this.random.next(),
    ];
    if (loss < lossShare) return [];
    const delays = [delayMs + first * jitterMs];
    return duplicate < duplicateShare ? [...delays, delayMs + second * jitterMs] : delays;
  }
}
