/** A whole MP3 file as samples of one channel, decoded in turns. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { PlainSound } from '../wav/read-sound';
import { Mp3Decoder } from './mp3-decoder';

const CHUNK_BYTES = 4096;

/** By its tag, or by the frame with which it begins. */
export const isMp3 = (file: Buffer): boolean =>
  file.toString('latin1', 0, 3) === 'ID3' || (file[0] === 0xff && ((file[1] ?? 0) & 0xe6) === 0xe2);

/** Fails with `bad_input` when there is no sound in it, or too much. */
export async function readMp3(file: Buffer, longestMinutes: number): Promise<Result<PlainSound>> {
  const decoder = await Mp3Decoder.open();
  const pieces: Int16Array[] = [];
  let [rateHz, count] = [0, 0];
  try {
    for (let at = 0; at < file.length; at += CHUNK_BYTES) {
      for (const { samples, sampleRateHz } of decoder.decode(file.subarray(at, at + CHUNK_BYTES))) {
        if (rateHz !== 0 && rateHz !== sampleRateHz) return fail('bad_input', 'the MP3 file changes its sampling rate');
        rateHz = sampleRateHz;
        count += samples.length;
        pieces.push(samples);
      }
      // A small file can hold hours.
      if (count > longestMinutes * 60 * rateHz)
        return fail('bad_input', `a sound has ${longestMinutes} minutes at most; music may have several pieces`);
      await nextTurn();
    }
  } finally {
    decoder.close();
  }
  if (count === 0) return fail('bad_input', 'there is no sound in this MP3 file');
  return ok({ samples: joined(pieces, count), sampleRateHz: rateHz });
}

function joined(pieces: readonly Int16Array[], count: number): Int16Array {
  const samples = new Int16Array(count);
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}
