/**
 * Loudness by ITU-R BS.1770-4: the K filter, blocks of 400 ms of which each begins 100 ms after the one before, and two
 * gates, so that pauses do not count. The result is LUFS of one channel.
 */

const BLOCK_MS = 400;
const STEP_MS = 100;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
/** What the filter takes away at 997 Hz, so that a sine of 0 dBFS has -3.01 LUFS. */
const OFFSET_LUFS = -0.691;

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** The head's shelf and the low cut, from their analogue values, for any rate (BS.1770 gives numbers for 48 kHz only). */
function kFilters(sampleRateHz: number): readonly Biquad[] {
  const shelf = { hz: Math.min(1681.974, sampleRateHz * 0.45), q: 0.7071752, gainDb: 3.999844 };
  const k = Math.tan((Math.PI * shelf.hz) / sampleRateHz);
  const high = 10 ** (shelf.gainDb / 20);
  const band = high ** 0.4996667;
  const shelfNorm = 1 + k / shelf.q + k * k;
  const low = { hz: 38.13547, q: 0.500327 };
  const c = Math.tan((Math.PI * low.hz) / sampleRateHz);
  const lowNorm = 1 + c / low.q + c * c;
  return [
    {
      b: [
        (high + (band * k) / shelf.q + k * k) / shelfNorm,
        (2 * (k * k - high)) / shelfNorm,
        (high - (band * k) / shelf.q + k * k) / shelfNorm,
      ],
      a: [(2 * (k * k - 1)) / shelfNorm, (1 - k / shelf.q + k * k) / shelfNorm],
    },
    { b: [1, -2, 1], a: [(2 * (c * c - 1)) / lowNorm, (1 - c / low.q + c * c) / lowNorm] },
  ];
}

function filtered(input: Float64Array, { b, a }: Biquad): Float64Array {
  const result = new Float64Array(input.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let index = 0; index < input.length; index += 1) {
    const x = input[index] ?? 0;
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    result[index] = y;
  }
  return result;
}

const lufsOf = (power: number): number => OFFSET_LUFS + 10 * Math.log10(power);

const meanOf = (powers: readonly number[]): number => powers.reduce((sum, power) => sum + power, 0) / powers.length;

/** -Infinity for silence, and for what is quieter than -70 LUFS throughout. */
export function loudnessLufs(samples: Int16Array, sampleRateHz: number): number {
  const weighted = kFilters(sampleRateHz).reduce(
    filtered,
    Float64Array.from(samples, (sample) => sample / 32_768),
  );
  const loud = blockPowers(weighted, sampleRateHz).filter((power) => lufsOf(power) > ABSOLUTE_GATE_LUFS);
  if (loud.length === 0) return -Infinity;
  const gate = lufsOf(meanOf(loud)) + RELATIVE_GATE_LU;
  return lufsOf(meanOf(loud.filter((power) => lufsOf(power) > gate)));
}

/** A sound shorter than a block is one block. */
function blockPowers(samples: Float64Array, sampleRateHz: number): number[] {
  const block = Math.min(samples.length, Math.round((sampleRateHz * BLOCK_MS) / 1000));
  const step = Math.round((sampleRateHz * STEP_MS) / 1000);
  const powers: number[] = [];
  for (let from = 0; block > 0 && from + block <= samples.length; from += step) {
    let sum = 0;
    for (let index = from; index < from + block; index += 1) sum += (samples[index] ?? 0) ** 2;
    powers.push(sum / block);
  }
  return powers;
}
