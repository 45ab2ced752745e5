/**
 * Looks for a DTMF pair in one window of sound, by Goertzel's algorithm at the eight frequencies of ITU-T Q.23.
 *
 * The window is Hann's, so that the group of the other frequency, which may be 8 dB stronger, does not leak into the
 * measurement. How far a frequency is off its nominal value is read from how its phase goes on from one window to the
 * next, which is far finer than the resolution of the window.
 */

/** Columns and rows of the telephone's keys (Q.23). */
export const ROW_HZ = [697, 770, 852, 941] as const;
export const COLUMN_HZ = [1209, 1336, 1477, 1633] as const;
export const KEYS = ['123A', '456B', '789C', '*0#D'] as const;

const SAMPLE_RATE_HZ = 8000;
export const WINDOW_SAMPLES = 204;
/** From one window to the next: 6.4 ms. Short enough that phases of neighbours tell 78 Hz apart from none. */
export const HOP_SAMPLES = 51;

/** Peak of a sine of 0 dBm0 in 16-bit samples: full scale of A-law is +3.14 dBm0 (G.711, table 5). */
export const PEAK_OF_0_DBM0 = 32_256 / 10 ** (3.14 / 20);
/** Q.24 asks for -25 to -29 dBm a frequency; what is below this is no key. */
const MIN_PEAK = PEAK_OF_0_DBM0 * 10 ** (-33 / 20);
/** How much stronger (in dB) a column may be than its row, and how much weaker: Q.24 has +4 to +5 and -5 to -10. */
const MAX_FORWARD_TWIST = 10 ** (6 / 20);
const MAX_REVERSE_TWIST = 10 ** (-10.5 / 20);
/** Q.24 accepts 1.5 % to 1.8 % and 2 Hz, and refuses 3 % to 3.5 %. */
const MAX_DEVIATION = 0.025;
/** The pair's share of the window's power: the rest is noise, or it is speech. */
const MIN_SHARE = 0.86;

const HANN = Float64Array.from(
  { length: WINDOW_SAMPLES },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / WINDOW_SAMPLES),
);
const HANN_SUM = HANN.reduce((sum, weight) => sum + weight, 0);
const HANN_POWER = HANN.reduce((sum, weight) => sum + weight * weight, 0);

/** A key's two frequencies in a window. */
export interface Pair {
  readonly key: string;
  /** Geometric mean of both frequencies' peaks, in 16-bit samples. */
  readonly peak: number;
}

interface Tone {
  readonly index: number;
  readonly peak: number;
  /** At the window's beginning, in radians. */
  readonly phase: number;
}

/** Of successive windows, each one {@link HOP_SAMPLES} after the other. */
export class PairFinder {
  private before: readonly [Tone, Tone] | undefined;
  private readonly weighted = new Float64Array(WINDOW_SAMPLES);

  /** @param samples {@link WINDOW_SAMPLES} of PCM16 at 8 kHz. */
  find(samples: ArrayLike<number>): Pair | undefined {
    const { weighted } = this;
    let power = 0;
    for (let index = 0; index < WINDOW_SAMPLES; index += 1) {
      const value = (samples[index] ?? 0) * (HANN[index] ?? 0);
      weighted[index] = value;
      power += value * value;
    }
    const { before } = this;
    this.before = undefined;
    // A pair of the least level has at least this much.
    if (power < MIN_PEAK * MIN_PEAK * HANN_POWER) return undefined;
    const row = strongest(weighted, ROW_HZ);
    const column = strongest(weighted, COLUMN_HZ);
    this.before = [row, column];
    if (!before || before[0].index !== row.index || before[1].index !== column.index) return undefined;
    const rowPeak = truePeak(before[0], row, ROW_HZ[row.index] ?? 0);
    const columnPeak = truePeak(before[1], column, COLUMN_HZ[column.index] ?? 0);
    if (!isPair(rowPeak, columnPeak)) return undefined;
    const share = ((rowPeak * rowPeak + columnPeak * columnPeak) * HANN_POWER) / (2 * power);
    if (share < MIN_SHARE) return undefined;
    return { key: KEYS[row.index]?.[column.index] ?? '', peak: Math.sqrt(rowPeak * columnPeak) };
  }

  /** How much of a key the window has that was looked at last, whatever else is in it; as {@link Pair.peak}. */
  peakOf(key: string): number {
    const row = KEYS.findIndex((keys) => keys.includes(key));
    const rowPeak = goertzel(this.weighted, ROW_HZ[row] ?? 0).peak;
    return Math.sqrt(rowPeak * goertzel(this.weighted, COLUMN_HZ[KEYS[row]?.indexOf(key) ?? 0] ?? 0).peak);
  }
}

function isPair(rowPeak: number, columnPeak: number): boolean {
  if (!(Math.min(rowPeak, columnPeak) >= MIN_PEAK)) return false;
  const twist = columnPeak / rowPeak;
  return twist <= MAX_FORWARD_TWIST && twist >= MAX_REVERSE_TWIST;
}

function strongest(weighted: Float64Array, frequencies: readonly number[]): Tone {
  let best: Tone = { index: 0, peak: -1, phase: 0 };
  frequencies.forEach((frequencyHz, index) => {
    const found = goertzel(weighted, frequencyHz);
    if (found.peak > best.peak) best = { index, ...found };
  });
  return best;
}

/** Peak and phase of one frequency. */
function goertzel(weighted: Float64Array, frequencyHz: number): { readonly peak: number; readonly phase: number } {
  const omega = (2 * Math.PI * frequencyHz) / SAMPLE_RATE_HZ;
  const coefficient = 2 * Math.cos(omega);
  let last = 0;
  let beforeLast = 0;
  for (let index = 0; index < WINDOW_SAMPLES; index += 1) {
    const next = (weighted[index] ?? 0) + coefficient * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  const real = last * Math.cos(omega) - beforeLast;
  const imaginary = last * Math.sin(omega);
  // What comes out is turned by the window's length.
  const phase = Math.atan2(imaginary, real) - omega * WINDOW_SAMPLES;
  return { peak: (2 * Math.hypot(real, imaginary)) / HANN_SUM, phase };
}

/** How far the frequency is off its nominal value, by how far its phase has gone on. */
function deviationHz(nominalHz: number, before: Tone, now: Tone): number {
  const expected = (2 * Math.PI * nominalHz * HOP_SAMPLES) / SAMPLE_RATE_HZ;
  const turns = (now.phase - before.phase - expected) / (2 * Math.PI);
  return ((turns - Math.round(turns)) * SAMPLE_RATE_HZ) / HOP_SAMPLES;
}

/** The peak as it would have been measured at the true frequency; 0 when that is no key's. */
function truePeak(before: Tone, now: Tone, nominalHz: number): number {
  const offHz = deviationHz(nominalHz, before, now);
  if (Math.abs(offHz) > MAX_DEVIATION * nominalHz) return 0;
  return now.peak / hannResponse((offHz * WINDOW_SAMPLES) / SAMPLE_RATE_HZ);
}

/** What the window leaves of a frequency that is so many bins away. */
function hannResponse(bins: number): number {
  if (Math.abs(bins) < 1e-6) return 1;
  return Math.sin(Math.PI * bins) / (Math.PI * bins * (1 - bins * bins));
}
