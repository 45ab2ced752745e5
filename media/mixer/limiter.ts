/** Sums of several voices may exceed 16 bits: turns the whole mix down at once and up again slowly, without clicks. */

const CEILING = 30_000;
/** Per frame of 20 ms: back to full volume after about half a second. */
const RELEASE = 0.04;
/** The share of a frame over which the volume falls. */
const ATTACK_SAMPLES = 16;

export class Limiter {
  private gain = 1;
  private fromGain = 1;

  /** Takes the peak of the next frame and settles its volume. */
  prepare(peak: number): void {
    this.fromGain = this.gain;
    const allowed = peak > CEILING ? CEILING / peak : 1;
    this.gain = Math.min(allowed, this.gain + RELEASE);
  }

  /** The frame at that volume, in 16 bits. */
  apply(sum: Int32Array): Int16Array {
    const { fromGain, gain } = this;
    const result = new Int16Array(sum.length);
    for (let index = 0; index < sum.length; index += 1) {
      const share = Math.min(1, index / ATTACK_SAMPLES);
      const value = (sum[index] ?? 0) * (fromGain + (gain - fromGain) * share);
      result[index] = value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : Math.round(value);
    }
    return result;
  }
}

export function peakOf(sum: Int32Array): number {
  let peak = 0;
  for (const value of sum) {
    if (value > peak) peak = value;
    else if (-value > peak) peak = -value;
  }
  return peak;
}
