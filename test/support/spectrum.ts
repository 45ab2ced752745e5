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
  const window = hannWindow(count);
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let previous = 0;
  let beforePrevious = 0;
  for (let index = 0; index < count; index += 1) {
    const current = (samples[index] ?? 0) * (window[index] ?? 0) + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const squaredMagnitude = previous ** 2 + beforePrevious ** 2 - coefficient * previous * beforePrevious;
  // The window halves the amplitude; a sine of amplitude a gives magnitude a*count/4 and has power a^2/2.
  const amplitude = (Math.sqrt(Math.max(0, squaredMagnitude)) * 4) / count;
  return 10 * Math.log10(amplitude ** 2 / 2);
}

const windows = new Map<number, Float64Array>();

/** Computed once for each length that tests ask for. */
function hannWindow(count: number): Float64Array {
  const known = windows.get(count);
  if (known) return known;
  const window = Float64Array.from(
    { length: count },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / count),
  );
  if (windows.size > 20) windows.clear();
  windows.set(count, window);
  return window;
}

/** The strongest frequency between two bounds, searched in steps of 10 Hz and refined to 1 Hz. */
export function dominantFrequencyHz(
  samples: ArrayLike<number>,
  options: { readonly fromHz?: number; readonly toHz?: number; readonly sampleRateHz?: number } = {},
): number {
  const { fromHz = 100, toHz = 3600, sampleRateHz = 8000 } = options;
  const heard = Float64Array.from(samples);
  // A long signal is narrow in frequency: the coarse search listens to pieces short enough not to step over a tone.
  const coarse = strongestOf(coarsePieces(heard, sampleRateHz), { fromHz, toHz, stepHz: 10, sampleRateHz });
  const around = { fromHz: Math.max(fromHz, coarse - 15), toHz: Math.min(toHz, coarse + 15), stepHz: 1, sampleRateHz };
  return strongestOf([heard.subarray(0, MAX_FINE_SECONDS * sampleRateHz)], around);
}

const MAX_COARSE_PIECES = 8;
const MAX_FINE_SECONDS = 4;

/** Pieces of 100 ms, spread over the whole. */
function coarsePieces(samples: Float64Array, sampleRateHz: number): Float64Array[] {
  const length = Math.min(samples.length, Math.round(sampleRateHz / 10));
  const count = Math.max(1, Math.min(MAX_COARSE_PIECES, Math.floor(samples.length / Math.max(1, length))));
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * (samples.length - length)) / Math.max(1, count - 1));
    return samples.subarray(start, start + length);
  });
}

function strongestOf(
  pieces: readonly Float64Array[],
  search: { readonly fromHz: number; readonly toHz: number; readonly stepHz: number; readonly sampleRateHz: number },
): number {
  let best = search.fromHz;
  let bestPower = -1;
  for (let frequency = search.fromHz; frequency <= search.toHz; frequency += search.stepHz) {
    const power = pieces.reduce(
      (sum, piece) => sum + 10 ** (toneLevelDbfs(piece, frequency, search.sampleRateHz) / 10),
      0,
    );
    if (power > bestPower) [best, bestPower] = [frequency, power];
  }
  return best;
}

/** Whether a tone is clearly there: at least `minLevelDbfs` and most of the signal's power. */
export function hearsTone(samples: ArrayLike<number>, frequencyHz: number, minLevelDbfs = -40): boolean {
  const level = toneLevelDbfs(samples, frequencyHz);
  return level >= minLevelDbfs && level >= levelDbfs(samples) - 3;
}
