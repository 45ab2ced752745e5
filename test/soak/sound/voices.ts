/**
 * A tone of its own for every party of the soak, and how each is found again in what somebody hears. Tones lie so far
 * apart that a fifth of a second tells them from each other, and fit a whole number of times into one loop of a voice.
 */
import { CODEC_FACTS } from '../../../media/codec/codecs';
import { fromPcm16, tone, toPcm16 } from '../../support/spectrum';
import { Fft } from './fft';

const { sampleRateHz: SAMPLE_RATE_HZ } = CODEC_FACTS.PCMA;
const FFT_SIZE = 2048;
/** What is looked at: 200 ms. */
export const WINDOW_SAMPLES = 1600;
const BIN_HZ = SAMPLE_RATE_HZ / FFT_SIZE;
const FIRST_BIN = 84;
const LAST_BIN = 868;
const BINS_APART = 5;
/** Kept free: the ringing tone of 425 Hz and the tone that tells of a recording, 1400 Hz. */
const RESERVED_HZ = [425, 1400];
const RESERVED_WIDTH_HZ = 16;

/** Peak. Eight at once stay below full scale. */
const AMPLITUDE = 0.12;
/** A voice at least so loud is heard: 11 dB below what was said. */
const HEARD_DBFS = -32;
/** A voice that is not there leaves less: coding noise, and what concealment smears of tones beside it. */
const UNHEARD_DBFS = -38;
/** All that is left besides the voices that should be there, when no spectrum is needed to know that there are no more. */
const NOTHING_ELSE_DBFS = -40;

const isFree = (hz: number): boolean => RESERVED_HZ.every((reserved) => Math.abs(reserved - hz) > RESERVED_WIDTH_HZ);

/** All frequencies that a party can have, mixed up, so that those of one call lie far apart. */
export const VOICE_TONES_HZ: readonly number[] = (() => {
  const count = Math.floor((LAST_BIN - FIRST_BIN) / BINS_APART) + 1;
  const stride = 59;
  return Array.from(
    { length: count },
    (_, index) => (FIRST_BIN + ((index * stride) % count) * BINS_APART) * BIN_HZ,
  ).filter(isFree);
})();

/** One loop of a tone: whole frames of 20 ms and whole periods. */
export const voiceSamples = (hz: number): Int16Array =>
  toPcm16(tone({ frequencyHz: hz, durationMs: 1280, amplitude: AMPLITUDE }));

/** Who has which tone. */
export class Voices {
  private readonly hzOf = new Map<string, number>();

  /** The next free tone. @throws RangeError when all are given away. */
  add(name: string): number {
    const hz = VOICE_TONES_HZ[this.hzOf.size];
    if (hz === undefined)
      throw new RangeError(`there are ${VOICE_TONES_HZ.length} tones, and no more parties than that`);
    this.hzOf.set(name, hz);
    return hz;
  }

  of(name: string): number {
    const hz = this.hzOf.get(name);
    if (hz === undefined) throw new RangeError(`${name} has no voice`);
    return hz;
  }

  /**
   * Whether exactly these are heard in the last fifth of a second, as far as it can be told without a spectrum: each is
   * loud enough, and all that is left is too faint for one more. True is sure; for false {@link Voices.in} must be asked.
   */
  areSurely(names: readonly string[], samples: Int16Array): boolean {
    const last = samples.subarray(-WINDOW_SAMPLES);
    let left = energyOf(last);
    for (const name of names) {
      const energy = energyAt(last, this.of(name));
      if (dbfsOf(energy) < HEARD_DBFS) return false;
      left -= energy;
    }
    return dbfsOf(Math.max(0, left)) < NOTHING_ELSE_DBFS;
  }

  /** What is heard in the last fifth of a second of this. */
  in(samples: Int16Array): Heard {
    const power = spectrum.power(windowed(samples));
    const heard: string[] = [];
    const faint: string[] = [];
    for (const [name, hz] of this.hzOf) {
      const dbfs = levelAt(power, hz);
      if (dbfs >= HEARD_DBFS) heard.push(name);
      else if (dbfs >= UNHEARD_DBFS) faint.push(`${name} ${dbfs.toFixed(0)} dBFS`);
    }
    return { heard: heard.sort(), faint };
  }
}

export interface Heard {
  /** Names, sorted. */
  readonly heard: readonly string[];
  /** Neither heard nor unheard, with their levels. */
  readonly faint: readonly string[];
}

const spectrum = new Fft(FFT_SIZE);
const hann = Float64Array.from(
  { length: WINDOW_SAMPLES },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / WINDOW_SAMPLES),
);

/** What a tone of full scale has, weighted by the window. */
const FULL_ENERGY = hann.reduce((sum, weight) => sum + weight ** 2, 0) / 2;
const FULL_SCALE = 32_768;

interface WeightedTone {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}
const weightedTones = new Map<number, WeightedTone>();

/** Both phases of a tone, weighted twice: once for the samples and once for itself. */
const weightedTone = (hz: number): WeightedTone => {
  const known = weightedTones.get(hz);
  if (known) return known;
  const turn = (2 * Math.PI * hz) / SAMPLE_RATE_HZ;
  const made = {
    cosines: hann.map((weight, index) => weight ** 2 * Math.cos(turn * index)),
    sines: hann.map((weight, index) => weight ** 2 * Math.sin(turn * index)),
  };
  weightedTones.set(hz, made);
  return made;
};

const energyOf = (samples: Int16Array): number => {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += ((samples[index] ?? 0) * (hann[index] ?? 0)) ** 2;
  return sum / FULL_SCALE ** 2;
};

/** Of what this tone is in the samples. */
const energyAt = (samples: Int16Array, hz: number): number => {
  const { cosines, sines } = weightedTone(hz);
  let [real, imaginary] = [0, 0];
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    real += sample * (cosines[index] ?? 0);
    imaginary += sample * (sines[index] ?? 0);
  }
  return (real ** 2 + imaginary ** 2) / FULL_SCALE ** 2 / FULL_ENERGY;
};

/** The level of a sine that has this energy. */
const dbfsOf = (energy: number): number => 10 * Math.log10(Math.max(1e-12, energy / FULL_ENERGY / 2));

const windowed = (samples: Int16Array): Float64Array => {
  const last = fromPcm16(samples.subarray(-WINDOW_SAMPLES));
  return last.map((sample, index) => sample * (hann[index] ?? 0));
};

/** As the level of a sine of that frequency, whose squared magnitude is (amplitude · window / 4)². */
const levelAt = (power: Float64Array, hz: number): number => {
  const amplitude = (Math.sqrt(power[Math.round(hz / BIN_HZ)] ?? 0) * 4) / WINDOW_SAMPLES;
  return 10 * Math.log10(Math.max(1e-12, amplitude ** 2 / 2));
};
