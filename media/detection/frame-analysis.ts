/**
 * What every detector wants to know of 20 ms of sound, found once for all of them: how loud it is, and whether one
 * frequency makes up most of it.
 */
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../codec/g711';
import { PEAK_OF_0_DBM0 } from '../dtmf/tone-window';

export interface Frame {
  /** Of all that is in it; -90 for nothing. */
  readonly levelDbm0: number;
  /** The strongest frequency; undefined where the frame is too quiet to have one. */
  readonly tone: FrameTone | undefined;
}

export interface FrameTone {
  readonly frequencyHz: number;
  /** Its part of the frame's power, 0 to 1: near 1 for a pure tone, seldom above 0.8 for a voice. */
  readonly share: number;
  /** At the frame's middle, in radians. */
  readonly phase: number;
  /** Peaks of the first and the second half, in 16-bit samples. */
  readonly peaks: readonly [number, number];
}

const POWER_OF_0_DBM0 = (PEAK_OF_0_DBM0 * PEAK_OF_0_DBM0) / 2;
const NOTHING_DBM0 = -90;
/** Below this nothing is looked for: T.30 and V.25 ask receivers for -43 dBm. */
const MIN_TONE_DBM0 = -46;
const HALF = FRAME_SAMPLES / 2;
const TURN = 2 * Math.PI;

/** Looks at one frame. @param samples 160 of PCM16 at 8 kHz. */
export function analyseFrame(samples: Int16Array): Frame {
  let [power, one, two] = [0, 0, 0];
  let [last, beforeLast] = [0, 0];
  for (const sample of samples) {
    power += sample * sample;
    one += sample * last;
    two += sample * beforeLast;
    beforeLast = last;
    last = sample;
  }
  const levelDbm0 = power === 0 ? NOTHING_DBM0 : 10 * Math.log10(power / samples.length / POWER_OF_0_DBM0);
  if (levelDbm0 < MIN_TONE_DBM0) return { levelDbm0: Math.max(NOTHING_DBM0, levelDbm0), tone: undefined };
  return { levelDbm0, tone: toneOf(samples, power, roughFrequency(one, two)) };
}

/**
 * Pisarenko's estimate from the correlation with the sample before (`one`) and the one before that (`two`): noise that
 * is white does not move it. In radians a sample.
 */
function roughFrequency(one: number, two: number): number {
  const root = Math.sqrt(two * two + 8 * one * one);
  // Both forms are the same; this one has no division by nearly nothing.
  const cosine = one === 0 ? 0 : two >= 0 ? (two + root) / (4 * one) : (2 * one) / (root - two);
  return Math.acos(Math.max(-1, Math.min(1, cosine)));
}

/** How the phase goes on from the first half to the second tells the frequency far finer than either half could. */
function toneOf(samples: Int16Array, power: number, rough: number): FrameTone {
  const refined = rough + phaseStep(samples, rough);
  const omega = Math.max(0, Math.min(Math.PI, refined + phaseStep(samples, refined)));
  const first = turned(samples, omega, 0);
  const second = turned(samples, omega, HALF);
  const [real, imaginary] = [first.real + second.real, first.imaginary + second.imaginary];
  const peak = Math.hypot(real, imaginary) / HALF;
  return {
    frequencyHz: (omega * SAMPLE_RATE_HZ) / TURN,
    share: Math.min(1, (peak * peak * samples.length) / (2 * power)),
    phase: Math.atan2(imaginary, real),
    peaks: [peakOf(first), peakOf(second)],
  };
}

interface Turned {
  readonly real: number;
  readonly imaginary: number;
}

const peakOf = ({ real, imaginary }: Turned): number => (2 * Math.hypot(real, imaginary)) / HALF;

/** By how much a sample the frequency differs from `omega`, at most half a turn in half a frame. */
function phaseStep(samples: Int16Array, omega: number): number {
  const first = turned(samples, omega, 0);
  const second = turned(samples, omega, HALF);
  const real = second.real * first.real + second.imaginary * first.imaginary;
  const imaginary = second.imaginary * first.real - second.real * first.imaginary;
  return real === 0 && imaginary === 0 ? 0 : Math.atan2(imaginary, real) / HALF;
}

/** Half a frame against a frequency whose phase is 0 at the frame's middle. */
function turned(samples: Int16Array, omega: number, from: number): Turned {
  let [cosine, sine] = [Math.cos(omega * (from - HALF)), Math.sin(omega * (from - HALF))];
  const [stepCosine, stepSine] = [Math.cos(omega), Math.sin(omega)];
  let [real, imaginary] = [0, 0];
  for (let index = from; index < from + HALF; index += 1) {
    const sample = samples[index] ?? 0;
    real += sample * cosine;
    imaginary -= sample * sine;
    const next = cosine * stepCosine - sine * stepSine;
    sine = sine * stepCosine + cosine * stepSine;
    cosine = next;
  }
  return { real, imaginary };
}
