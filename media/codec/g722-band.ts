/**
 * One band of G.722: the adaptive quantiser's scale and the predictor (ITU-T G.722 clause 3, blocks 3 and 4). Lower and
 * upper band differ in their tables only.
 */

/** Table of block LOGSCL/SCALEL: 2048 * 2^(i/32). */
const SCALES = Int32Array.from({ length: 32 }, (_, index) => Math.round(2048 * 2 ** (index / 32)));
const POLE_LIMIT = 12_288;
const POLE_SUM_LIMIT = 15_360;
const ZEROS = 6;

export const saturate = (value: number): number => (value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value);

export interface BandTraits {
  readonly initialScale: number;
  /** The largest logarithmic scale. */
  readonly scaleLimit: number;
  /** How far the mantissa is shifted at scale 0. */
  readonly scaleShift: number;
}

export const LOWER_BAND: BandTraits = { initialScale: 32, scaleLimit: 18_432, scaleShift: 8 };
export const UPPER_BAND: BandTraits = { initialScale: 8, scaleLimit: 22_528, scaleShift: 10 };

export class G722Band {
  /** The quantiser's step. */
  scale: number;
  /** What the next sample is expected to be. */
  predicted = 0;
  private logScale = 0;
  private predictedByZeros = 0;
  /** Index 0 is the newest. */
  private readonly differences = new Int32Array(ZEROS + 1);
  private readonly zeros = new Int32Array(ZEROS + 1);
  private readonly reconstructed = new Int32Array(3);
  private readonly partial = new Int32Array(3);
  private readonly poles = new Int32Array(3);

  constructor(private readonly traits: BandTraits) {
    this.scale = traits.initialScale;
  }

  /** Takes the quantised difference and its weight in the scale's adaptation. */
  adapt(difference: number, weight: number): void {
    this.adaptScale(weight);
    this.differences[0] = difference;
    this.reconstructed[0] = saturate(this.predicted + difference);
    this.partial[0] = saturate(this.predictedByZeros + difference);
    this.adaptPoles();
    this.adaptZeros();
    this.shift();
    this.predict();
  }

  private adaptScale(weight: number): void {
    const { scaleLimit, scaleShift } = this.traits;
    this.logScale = Math.min(scaleLimit, Math.max(0, ((this.logScale * 127) >> 7) + weight));
    const mantissa = SCALES[(this.logScale >> 6) & 31] ?? 0;
    const shift = scaleShift - (this.logScale >> 11);
    this.scale = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
  }

  /** Blocks UPPOL2 and UPPOL1. */
  private adaptPoles(): void {
    const { partial, poles } = this;
    // By index: taking a typed array apart by pattern costs more than all the rest of this class.
    const newest = partial[0] ?? 0;
    const before = partial[1] ?? 0;
    const oldest = partial[2] ?? 0;
    const first = poles[1] ?? 0;
    const second = poles[2] ?? 0;
    const agreesWithBefore = newest < 0 === before < 0;
    const fourFold = saturate(first << 2);
    const towards = Math.min(32_767, agreesWithBefore ? -fourFold : fourFold);
    const agreement = newest < 0 === oldest < 0 ? 128 : -128;
    const raw = agreement + (towards >> 7) + ((second * 32_512) >> 15);
    const newSecond = Math.max(-POLE_LIMIT, Math.min(POLE_LIMIT, raw));
    const limit = saturate(POLE_SUM_LIMIT - newSecond);
    const newFirst = saturate((agreesWithBefore ? 192 : -192) + ((first * 32_640) >> 15));
    poles[2] = newSecond;
    poles[1] = Math.max(-limit, Math.min(limit, newFirst));
  }

  /** Block UPZERO. */
  private adaptZeros(): void {
    const newest = this.differences[0] ?? 0;
    const step = newest === 0 ? 0 : 128;
    for (let index = 1; index <= ZEROS; index += 1) {
      const agrees = (this.differences[index] ?? 0) < 0 === newest < 0;
      this.zeros[index] = saturate((agrees ? step : -step) + (((this.zeros[index] ?? 0) * 32_640) >> 15));
    }
  }

  /** Block DELAYA. */
  private shift(): void {
    const { differences, reconstructed, partial } = this;
    for (let index = ZEROS; index > 0; index -= 1) differences[index] = differences[index - 1] ?? 0;
    reconstructed[2] = reconstructed[1] ?? 0;
    reconstructed[1] = reconstructed[0] ?? 0;
    partial[2] = partial[1] ?? 0;
    partial[1] = partial[0] ?? 0;
  }

  /** Blocks FILTEP, FILTEZ and PREDIC. */
  private predict(): void {
    const { reconstructed, poles } = this;
    const byPole = (index: number): number => ((poles[index] ?? 0) * saturate((reconstructed[index] ?? 0) * 2)) >> 15;
    let byZeros = 0;
    for (let index = ZEROS; index > 0; index -= 1)
      byZeros += ((this.zeros[index] ?? 0) * saturate((this.differences[index] ?? 0) * 2)) >> 15;
    this.predictedByZeros = saturate(byZeros);
    this.predicted = saturate(saturate(byPole(1) + byPole(2)) + this.predictedByZeros);
  }
}
