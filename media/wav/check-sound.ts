/** What is to be known of a recording before callers hear it: loudness, peak, and silence where none should be. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { loudnessLufs } from './loudness';
import type { PlainSound } from './read-sound';

/** Loudness of every prompt and piece of music: between the -23 of broadcasting and the -20 or so of telephone speech. */
export const TARGET_LUFS = -21;
/** The highest peak after levelling, in dBFS. */
const CEILING_DBFS = -1;
const MAX_GAIN_DB = 30;
/** Below this a stretch of sound is silence. */
const SILENCE_DBFS = -55;
const WINDOW_MS = 20;

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

/** Fails with `bad_input` when there is no sound in it. */
export function checkSound({ samples, sampleRateHz }: PlainSound): Result<SoundFacts> {
  const durationMs = Math.round((samples.length * 1000) / sampleRateHz);
  const silent = silentWindows(samples, (sampleRateHz * WINDOW_MS) / 1000);
  const first = silent.indexOf(false);
  if (first < 0) return fail('bad_input', 'there is no sound in this recording: it is silent from end to end');
  const last = silent.lastIndexOf(false);
  return ok({
    durationMs,
    loudnessLufs: rounded(loudnessLufs(samples, sampleRateHz)),
    peakDbfs: rounded(toDb(peakOf(samples) / 32_768)),
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

function silentWindows(samples: Int16Array, size: number): boolean[] {
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, index) => {
    const part = samples.subarray(index * size, (index + 1) * size);
    const power = part.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / part.length;
    return 10 * Math.log10(power) < SILENCE_DBFS;
  });
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
export function levelled({ samples, sampleRateHz }: PlainSound): Int16Array {
  const loudness = loudnessLufs(samples, sampleRateHz);
  if (loudness === -Infinity) return samples;
  const peakDb = toDb(peakOf(samples) / 32_768);
  const gainDb = Math.min(TARGET_LUFS - loudness, CEILING_DBFS - peakDb, MAX_GAIN_DB);
  return withGain(samples, gainDb);
}

/** Every sample times a volume in dB, clipped to 16 bits. */
export function withGain(samples: Int16Array, gainDb: number): Int16Array {
  if (gainDb === 0) return samples;
  const factor = 10 ** (gainDb / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * factor))));
}

/** The sound without the silence before and after it, but for so much of it. */
export function trimmed({ samples, sampleRateHz }: PlainSound, keptMs: number): PlainSound {
  const size = (sampleRateHz * WINDOW_MS) / 1000;
  const silent = silentWindows(samples, size);
  const first = silent.indexOf(false);
  if (first < 0) return { samples, sampleRateHz };
  const kept = (keptMs * sampleRateHz) / 1000;
  const from = Math.max(0, first * size - kept);
  return { samples: samples.slice(from, (silent.lastIndexOf(false) + 1) * size + kept), sampleRateHz };
}
