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

const windowed = (samples: Int16Array): Float64Array => {
  const last = fromPcm16(samples.subarray(-WINDOW_SAMPLES));
  return last.map((sample, index) => sample * (hann[index] ?? 0));
};

/** As the level of a sine of that frequency, whose squared magnitude is (amplitude · window / 4)². */
const levelAt = (power: Float64Array, hz: number): number => {
  const amplitude = (Math.sqrt(power[Math.round(hz / BIN_HZ)] ?? 0) * 4) / WINDOW_SAMPLES;
  return 10 * Math.log10(Math.max(1e-12, amplitude ** 2 / 2));
};
