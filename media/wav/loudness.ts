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

/** A filter that keeps its memory from one stretch of sound to the next. */
class RunningBiquad {
  private x1 = 0;
  private x2 = 0;
  private y1 = 0;
  private y2 = 0;

  constructor(private readonly of: Biquad) {}

  next(x: number): number {
    const { b, a } = this.of;
    const y = b[0] * x + b[1] * this.x1 + b[2] * this.x2 - a[0] * this.y1 - a[1] * this.y2;
    this.x2 = this.x1;
    this.x1 = x;
    this.y2 = this.y1;
    this.y1 = y;
    return y;
  }
}

const STEPS_OF_A_BLOCK = BLOCK_MS / STEP_MS;

const lufsOf = (power: number): number => OFFSET_LUFS + 10 * Math.log10(power);

const meanOf = (powers: readonly number[]): number => powers.reduce((sum, power) => sum + power, 0) / powers.length;

/** Takes a sound bit by bit, and holds no more of it than one number for each tenth of a second. */
export class LoudnessMeter {
  private readonly filters: readonly RunningBiquad[];
  private readonly stepSamples: number;
  private readonly stepEnergies: number[] = [];
  private energy = 0;
  private count = 0;

  constructor(sampleRateHz: number) {
    this.filters = kFilters(sampleRateHz).map((filter) => new RunningBiquad(filter));
    this.stepSamples = Math.round((sampleRateHz * STEP_MS) / 1000);
  }

  add(samples: Int16Array): void {
    const [first, second] = this.filters;
    if (!first || !second) return;
    for (let index = 0; index < samples.length; index += 1) {
      const weighted = second.next(first.next((samples[index] ?? 0) / 32_768));
      this.energy += weighted * weighted;
      this.count += 1;
      if (this.count === this.stepSamples) this.endStep();
    }
  }

  /** -Infinity for silence, and for what is quieter than -70 LUFS throughout. */
  lufs(): number {
    const loud = this.blockPowers().filter((power) => lufsOf(power) > ABSOLUTE_GATE_LUFS);
    if (loud.length === 0) return -Infinity;
    const gate = lufsOf(meanOf(loud)) + RELATIVE_GATE_LU;
    return lufsOf(meanOf(loud.filter((power) => lufsOf(power) > gate)));
  }

  private endStep(): void {
    this.stepEnergies.push(this.energy);
    [this.energy, this.count] = [0, 0];
  }

  /** A sound shorter than a block is one block. */
  private blockPowers(): number[] {
    const { stepEnergies, stepSamples } = this;
    const sumOf = (energies: readonly number[]): number => energies.reduce((sum, energy) => sum + energy, 0);
    if (stepEnergies.length < STEPS_OF_A_BLOCK) {
      const samples = stepEnergies.length * stepSamples + this.count;
      return samples === 0 ? [] : [(sumOf(stepEnergies) + this.energy) / samples];
    }
    return stepEnergies
      .slice(STEPS_OF_A_BLOCK - 1)
      .map((_, from) => sumOf(stepEnergies.slice(from, from + STEPS_OF_A_BLOCK)) / (STEPS_OF_A_BLOCK * stepSamples));
  }
}

/** Of a whole sound, as {@link LoudnessMeter.lufs}. */
export function loudnessLufs(samples: Int16Array, sampleRateHz: number): number {
  const meter = new LoudnessMeter(sampleRateHz);
  meter.add(samples);
  return meter.lufs();
}
