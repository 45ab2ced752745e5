/** A whole sound file as samples of one channel at one rate, read in turns of a second of sound. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { isMp3, readMp3 } from '../mp3/read-mp3';
import { inTurns } from './in-turns';
import { Resampling } from './resample';
import { frameCount, monoPart, readWav } from './wav-reader';
import type { WavFile } from './wav-reader';

/** The rate that a file is to be brought to, from its own. */
export type WantedRate = (fileHz: number) => number;

export interface PlainSound {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
}

/** However few bytes a sound has in its file: this long it is held in memory, as 16 bits at the rate that is wanted. */
const LONGEST_MINUTES = 60;

/**
 * Of a WAV or an MP3 file. Fails with `bad_input` and `unsupported` as {@link readWav} does, and with `bad_input` for what is longer than it may
 * be; nothing of it has been converted then.
 */
export async function readSound(
  file: Buffer,
  wanted: WantedRate,
  longestMinutes = LONGEST_MINUTES,
): Promise<Result<PlainSound>> {
  if (isMp3(file)) return atWanted(await readMp3(file, longestMinutes), wanted);
  const wav = readWav(file);
  if (!wav.ok) return wav;
  const fileHz = wav.value.sampleRateHz;
  if (frameCount(wav.value) > longestMinutes * 60 * fileHz)
    return fail('bad_input', `a sound has ${longestMinutes} minutes at most; music may have several pieces`);
  const sampleRateHz = wanted(fileHz);
  return ok({ samples: await atRate(await monoOf(wav.value), fileHz, sampleRateHz), sampleRateHz });
}

async function atWanted(own: Result<PlainSound>, wanted: WantedRate): Promise<Result<PlainSound>> {
  if (!own.ok) return own;
  const { samples, sampleRateHz: fileHz } = own.value;
  const sampleRateHz = wanted(fileHz);
  return ok({ samples: await atRate(samples, fileHz, sampleRateHz), sampleRateHz });
}

async function monoOf(wav: WavFile): Promise<Int16Array> {
  const result = new Int16Array(frameCount(wav));
  await inTurns(result.length, wav.sampleRateHz, (from, to) => result.set(monoPart(wav, from, to), from));
  return result;
}

/** The same sound at another rate, made in turns. */
export async function atRate(samples: Int16Array, fromHz: number, toHz: number): Promise<Int16Array> {
  if (fromHz === toHz) return samples;
  const way = new Resampling(fromHz, toHz);
  const result = new Int16Array(way.lengthOf(samples));
  await inTurns(result.length, toHz, (from, to) => way.fill(result, samples, { from, to }));
  return result;
}
