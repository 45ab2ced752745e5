/**
 * G.722 at 64 kbit/s (ITU-T G.722, mode 1): 16 kHz split into two bands, 6 bits for the lower and 2 for the upper one,
 * one byte for two samples. In RTP its clock runs at 8 kHz, an error of RFC 1890 that RFC 3551 keeps.
 */
import type { AudioDecoder, AudioEncoder } from './audio-codec';
import { G722Band, LOWER_BAND, UPPER_BAND, saturate } from './g722-band';

const G722_SAMPLE_RATE_HZ = 16_000;

/** Clause 3.1's quadrature mirror filter, one half; the other half is its mirror. */
const QMF = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];
/** Decision levels of the 60-level quantiser (table 14, column LL6). */
const LOWER_LEVELS = [
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
  1458, 1612, 1765, 1980, 2195, 2557, 2919,
];
/** Output of the 15-level inverse quantiser QQ4, which prediction uses. */
const LOWER_COARSE = [
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
];
const LOWER_POSITIVE_FINE = [
  24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464,
  4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136,
];
/** Output of the 60-level inverse quantiser QQ6, by codeword. */
const LOWER_FINE = [
  ...[-136, -136, -136, -136],
  ...LOWER_POSITIVE_FINE.slice(0, 28).map((level) => -level),
  ...LOWER_POSITIVE_FINE,
  ...[-432, -136],
];
/** Weights of the scale's adaptation, by the coarse codeword. */
const LOWER_WEIGHTS = [-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60];
const UPPER_OUTPUT = [-7408, -1616, 7408, 1616];
const UPPER_WEIGHTS = [798, -214, 798, -214];
const UPPER_LEVEL = 564;

/** The two bands after a pair of samples; the filter's memory holds 24 of them, the newest last. */
function splitBands(memory: Int32Array): { low: number; high: number } {
  let even = 0;
  let odd = 0;
  for (let index = 0; index < QMF.length; index += 1) {
    even += (memory[2 * index] ?? 0) * (QMF[index] ?? 0);
    odd += (memory[2 * index + 1] ?? 0) * (QMF[QMF.length - 1 - index] ?? 0);
  }
  return { low: (even + odd) >> 14, high: (odd - even) >> 14 };
}

/** Writes the two samples that come out. */
function joinBands(memory: Int32Array, samples: Int16Array, at: number): void {
  let first = 0;
  let second = 0;
  for (let index = 0; index < QMF.length; index += 1) {
    second += (memory[2 * index] ?? 0) * (QMF[index] ?? 0);
    first += (memory[2 * index + 1] ?? 0) * (QMF[QMF.length - 1 - index] ?? 0);
  }
  samples[at] = saturate(first >> 11);
  samples[at + 1] = saturate(second >> 11);
}

function remember(memory: Int32Array, first: number, second: number): void {
  for (let index = 2; index < memory.length; index += 1) memory[index - 2] = memory[index] ?? 0;
  memory[memory.length - 2] = first;
  memory[memory.length - 1] = second;
}

const adaptLower = (band: G722Band, codeword: number): void => {
  const coarse = codeword >> 2;
  band.adapt((band.scale * (LOWER_COARSE[coarse] ?? 0)) >> 15, LOWER_WEIGHTS[coarse] ?? 0);
};

const adaptUpper = (band: G722Band, codeword: number): void =>
  band.adapt((band.scale * (UPPER_OUTPUT[codeword] ?? 0)) >> 15, UPPER_WEIGHTS[codeword] ?? 0);

function quantizeLower(difference: number, scale: number): number {
  const magnitude = difference >= 0 ? difference : -(difference + 1);
  let level = 1;
  while (level < 30 && magnitude >= ((LOWER_LEVELS[level] ?? 0) * scale) >> 12) level += 1;
  if (difference >= 0) return 62 - level;
  // The two smallest negative levels have the codewords at the end, which the positive ones leave free.
  return level <= 2 ? 64 - level : 34 - level;
}

function quantizeUpper(difference: number, scale: number): number {
  const magnitude = difference >= 0 ? difference : -(difference + 1);
  const isLarge = magnitude >= (UPPER_LEVEL * scale) >> 12;
  return (difference < 0 ? 0 : 2) + (isLarge ? 0 : 1);
}

export class G722Encoder implements AudioEncoder {
  readonly sampleRateHz = G722_SAMPLE_RATE_HZ;
  private readonly lower = new G722Band(LOWER_BAND);
  private readonly upper = new G722Band(UPPER_BAND);
  private readonly memory = new Int32Array(24);

  /** An odd last sample is left out. */
  encode(samples: Int16Array): Buffer {
    const bytes = Buffer.alloc(samples.length >> 1);
    for (let index = 0; index < bytes.length; index += 1) {
      remember(this.memory, samples[2 * index] ?? 0, samples[2 * index + 1] ?? 0);
      const { low, high } = splitBands(this.memory);
      const lower = quantizeLower(saturate(low - this.lower.predicted), this.lower.scale);
      const upper = quantizeUpper(saturate(high - this.upper.predicted), this.upper.scale);
      adaptLower(this.lower, lower);
      adaptUpper(this.upper, upper);
      bytes[index] = (upper << 6) | lower;
    }
    return bytes;
  }

  close(): void {
    // Nothing is held outside of JavaScript's memory.
  }
}

export class G722Decoder implements AudioDecoder {
  readonly sampleRateHz = G722_SAMPLE_RATE_HZ;
  private readonly lower = new G722Band(LOWER_BAND);
  private readonly upper = new G722Band(UPPER_BAND);
  private readonly memory = new Int32Array(24);

  decode(payload: Buffer): Int16Array {
    const samples = new Int16Array(payload.length * 2);
    for (let index = 0; index < payload.length; index += 1) {
      const byte = payload[index] ?? 0;
      const lower = byte & 0x3f;
      const upper = byte >> 6;
      const low = limited(this.lower.predicted + ((this.lower.scale * (LOWER_FINE[lower] ?? 0)) >> 15));
      const high = limited(this.upper.predicted + ((this.upper.scale * (UPPER_OUTPUT[upper] ?? 0)) >> 15));
      adaptLower(this.lower, lower);
      adaptUpper(this.upper, upper);
      remember(this.memory, low + high, low - high);
      joinBands(this.memory, samples, index * 2);
    }
    return samples;
  }

  close(): void {
    // Nothing is held outside of JavaScript's memory.
  }
}

/** Block LIMIT. */
const limited = (value: number): number => Math.max(-16_384, Math.min(16_383, value));
