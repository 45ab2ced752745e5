/** Tones and their detection, for every test that listens. Samples are floats from -1 to 1. */

export interface ToneOptions {
  readonly frequencyHz: number;
  readonly durationMs: number;
  readonly sampleRateHz?: number;
  /** Peak, 0 to 1. Default 0.5. */
  readonly amplitude?: number;
}

/** A sine. */
export function tone({ frequencyHz, durationMs, sampleRateHz = 8000, amplitude = 0.5 }: ToneOptions): Float64Array {
  const samples = new Float64Array(Math.round((durationMs * sampleRateHz) / 1000));
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = amplitude * Math.sin((2 * Math.PI * frequencyHz * index) / sampleRateHz);
  return samples;
}

/** PCM16 samples as floats. */
export const fromPcm16 = (pcm: Int16Array): Float64Array => Float64Array.from(pcm, (sample) => sample / 32768);

/** Floats as PCM16, clipped. */
export const toPcm16 = (samples: ArrayLike<number>): Int16Array =>
  Int16Array.from(samples, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32767))));

/** Root mean square in dB relative to full scale: a full-scale sine has -3; silence -Infinity. */
export function levelDbfs(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length);
}

/**
 * The power of one frequency by Goertzel's algorithm, as the level in dBFS of a sine of that frequency
 * (comparable with {@link levelDbfs}). A Hann window keeps strong neighbours from leaking in.
 */
export function toneLevelDbfs(samples: ArrayLike<number>, frequencyHz: number, sampleRateHz = 8000): number {
  const count = samples.length;
  if (count === 0) return -Infinity;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let previous = 0;
  let beforePrevious = 0;
  for (let index = 0; index < count; index += 1) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / count);
    const current = (samples[index] ?? 0) * window + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const squaredMagnitude = previous ** 2 + beforePrevious ** 2 - coefficient * previous * beforePrevious;
  // The window halves the amplitude; a sine of amplitude a gives magnitude a*count/4 and has power a^2/2.
  const amplitude = (Math.sqrt(Math.max(0, squaredMagnitude)) * 4) / count;
  return 10 * Math.log10(amplitude ** 2 / 2);
}

/** The strongest frequency between two bounds, searched in steps of 10 Hz and refined to 1 Hz. */
export function dominantFrequencyHz(
  samples: ArrayLike<number>,
  options: { readonly fromHz?: number; readonly toHz?: number; readonly sampleRateHz?: number } = {},
): number {
  const { fromHz = 100, toHz = 3600, sampleRateHz = 8000 } = options;
  const strongest = (from: number, to: number, step: number): number => {
    let best = from;
    let bestLevel = -Infinity;
    for (let frequency = from; frequency <= to; frequency += step) {
      const level = toneLevelDbfs(samples, frequency, sampleRateHz);
      if (level > bestLevel) [best, bestLevel] = [frequency, level];
    }
    return best;
  };
  // A long signal is narrow in frequency: the coarse search listens to a piece short enough not to step over a tone.
  const coarse = coarseFrequencyHz(samples, { fromHz, toHz, sampleRateHz });
  return strongest(Math.max(fromHz, coarse - 15), Math.min(toHz, coarse + 15), 1);
}

function coarseFrequencyHz(
  samples: ArrayLike<number>,
  range: { readonly fromHz: number; readonly toHz: number; readonly sampleRateHz: number },
): number {
  const pieceLength = Math.min(samples.length, Math.round(range.sampleRateHz / 10));
  const power = new Map<number, number>();
  for (let start = 0; start + pieceLength <= samples.length; start += pieceLength) {
    const piece = Array.prototype.slice.call(samples, start, start + pieceLength) as number[];
    for (let frequency = range.fromHz; frequency <= range.toHz; frequency += 10) {
      const level = toneLevelDbfs(piece, frequency, range.sampleRateHz);
      power.set(frequency, (power.get(frequency) ?? 0) + 10 ** (level / 10));
    }
  }
  return [...power].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [range.fromHz, -1] as [
    number,
    number,
  ])[0];
}

/** Whether a tone is clearly there: at least `minLevelDbfs` and most of the signal's power. */
export function hearsTone(samples: ArrayLike<number>, frequencyHz: number, minLevelDbfs = -40): boolean {
  const level = toneLevelDbfs(samples, frequencyHz);
  return level >= minLevelDbfs && level >= levelDbfs(samples) - 3;
}
