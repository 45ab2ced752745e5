/**
 * What is to be known of a recording before callers hear it: loudness, peak, and silence where none should be. Long
 * sounds are gone through in turns, as {@link inTurns} has it.
 */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { inTurns } from './in-turns';
import { LoudnessMeter } from './loudness';
import type { PlainSound } from './read-sound';

/** Loudness of every prompt and piece of music: between the -23 of broadcasting and the -20 or so of telephone speech. */
export const TARGET_LUFS = -21;
/** The highest peak after levelling, in dBFS. */
const CEILING_DBFS = -1;
const MAX_GAIN_DB = 30;
/** Below this a stretch of sound is silence. */
const SILENCE_DBFS = -55;
const WINDOW_MS = 20;
/** A second. */
const WINDOWS_OF_A_TURN = 50;
/** What takes less to go through than a beat of running calls can wait. */
const SAMPLES_OF_A_TURN = 48_000;

export interface SoundFacts {
  readonly durationMs: number;
  readonly loudnessLufs: number;
  readonly peakDbfs: number;
  /** Before the first sound, after the last, and the longest between. */
  readonly leadingSilenceMs: number;
  readonly trailingSilenceMs: number;
  readonly longestSilenceMs: number;
}

const toDb = (amplitude: number): number => 20 * Math.log10(amplitude);

interface Survey {
  readonly loudnessLufs: number;
  /** Of the largest sample, 0 to 32768. */
  readonly peak: number;
  /** Of each window of {@link windowSamples}, whether there is nothing in it. */
  readonly silent: readonly boolean[];
  readonly windowSamples: number;
}

const survey = async ({ samples, sampleRateHz }: PlainSound): Promise<Survey> => {
  const windowSamples = Math.round((sampleRateHz * WINDOW_MS) / 1000);
  const meter = new LoudnessMeter(sampleRateHz);
  const silent: boolean[] = [];
  let peak = 0;
  await inTurns(samples.length, WINDOWS_OF_A_TURN * windowSamples, (from, to) => {
    const part = samples.subarray(from, to);
    meter.add(part);
    peak = Math.max(peak, peakOf(part));
    for (let at = 0; at < part.length; at += windowSamples)
      silent.push(isSilent(part.subarray(at, at + windowSamples)));
  });
  return { loudnessLufs: meter.lufs(), peak, silent, windowSamples };
};

/** Fails with `bad_input` when there is no sound in it. */
export async function checkSound(sound: PlainSound): Promise<Result<SoundFacts>> {
  const { samples, sampleRateHz } = sound;
  const { silent, peak, loudnessLufs } = await survey(sound);
  const first = silent.indexOf(false);
  if (first < 0) return fail('bad_input', 'there is no sound in this recording: it is silent from end to end');
  const last = silent.lastIndexOf(false);
  return ok({
    durationMs: Math.round((samples.length * 1000) / sampleRateHz),
    loudnessLufs: rounded(loudnessLufs),
    peakDbfs: rounded(toDb(peak / 32_768)),
    leadingSilenceMs: first * WINDOW_MS,
    trailingSilenceMs: (silent.length - 1 - last) * WINDOW_MS,
    longestSilenceMs: longestRun(silent.slice(first, last)) * WINDOW_MS,
  });
}

const rounded = (db: number): number => Math.max(-99, Math.round(db * 10) / 10);

function peakOf(samples: Int16Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

function isSilent(window: Int16Array): boolean {
  const power = window.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / window.length;
  return 10 * Math.log10(power) < SILENCE_DBFS;
}

function longestRun(flags: readonly boolean[]): number {
  let [longest, run] = [0, 0];
  for (const flag of flags) {
    run = flag ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** The sound at {@link TARGET_LUFS}; as much quieter as its peaks need, and by 30 dB louder at most. */
export async function levelled(sound: PlainSound): Promise<Int16Array> {
  const { loudnessLufs, peak } = await survey(sound);
  if (loudnessLufs === -Infinity) return sound.samples;
  const gainDb = Math.min(TARGET_LUFS - loudnessLufs, CEILING_DBFS - toDb(peak / 32_768), MAX_GAIN_DB);
  return withGain(sound.samples, gainDb);
}

/** Every sample times a volume in dB, clipped to 16 bits. */
export async function withGain(samples: Int16Array, gainDb: number): Promise<Int16Array> {
  if (gainDb === 0) return samples;
  const factor = 10 ** (gainDb / 20);
  const result = new Int16Array(samples.length);
  await inTurns(samples.length, SAMPLES_OF_A_TURN, (from, to) => {
    for (let index = from; index < to; index += 1)
      result[index] = Math.max(-32_768, Math.min(32_767, Math.round((samples[index] ?? 0) * factor)));
  });
  return result;
}

/** The sound without the silence before and after it, but for so much of it. */
export async function trimmed(sound: PlainSound, keptMs: number): Promise<PlainSound> {
  const { samples, sampleRateHz } = sound;
  const { silent, windowSamples } = await survey(sound);
  const first = silent.indexOf(false);
  if (first < 0) return sound;
  const kept = Math.round((keptMs * sampleRateHz) / 1000);
  const from = Math.max(0, first * windowSamples - kept);
  return { samples: samples.slice(from, (silent.lastIndexOf(false) + 1) * windowSamples + kept), sampleRateHz };
}
