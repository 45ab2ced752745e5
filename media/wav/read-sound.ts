/**
 * A whole sound file as samples of one channel at one rate. Long files are read in turns of a second of sound, so that
 * whoever else has work in this process, such as the beat of running calls, is not kept waiting.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import { Resampling } from './resample';
import { frameCount, monoPart, readWav } from './wav-reader';
import type { WavFile } from './wav-reader';

/** The rate that a file is to be brought to, from its own. */
export type WantedRate = (fileHz: number) => number;

export interface PlainSound {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
}

/** Fails with `bad_input` and `unsupported` as {@link readWav} does. */
export async function readSound(file: Buffer, wanted: WantedRate): Promise<Result<PlainSound>> {
  const wav = readWav(file);
  if (!wav.ok) return wav;
  const fileHz = wav.value.sampleRateHz;
  const sampleRateHz = wanted(fileHz);
  return ok({ samples: await atRate(await monoOf(wav.value), fileHz, sampleRateHz), sampleRateHz });
}

async function monoOf(wav: WavFile): Promise<Int16Array> {
  const result = new Int16Array(frameCount(wav));
  for (let from = 0; from < result.length; from += wav.sampleRateHz) {
    if (from > 0) await nextTurn();
    result.set(monoPart(wav, from, Math.min(result.length, from + wav.sampleRateHz)), from);
  }
  return result;
}

/** The same sound at another rate, made in turns. */
export async function atRate(samples: Int16Array, fromHz: number, toHz: number): Promise<Int16Array> {
  if (fromHz === toHz) return samples;
  const way = new Resampling(fromHz, toHz);
  const result = new Int16Array(way.lengthOf(samples));
  for (let from = 0; from < result.length; from += toHz) {
    if (from > 0) await nextTurn();
    way.fill(result, samples, { from, to: Math.min(result.length, from + toHz) });
  }
  return result;
}
