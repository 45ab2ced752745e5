/** What a server may stream: MP3, Ogg Opus, and WAV as it is. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { Mp3Decoder } from '../mp3/mp3-decoder';
import type { PlainSound } from '../wav/read-sound';
import { OggOpusDecoder } from './ogg-opus-decoder';
import { WavStreamDecoder } from './wav-stream-decoder';

export interface StreamDecoder {
  /** Bytes in a row in which there was no sound. */
  readonly skippedBytes: number;
  /** Piece by piece, as they are asked for: a piece is some ten milliseconds. */
  decode(chunk: Buffer): Iterable<PlainSound>;
  close(): void;
}

const MP3 = /^audio\/(mpeg|mp3|mpeg3|x-mpeg|x-mp3)$/;
const WAV = /^audio\/(wav|wave|x-wav|vnd\.wave)$/;
const OGG = /^(audio|application)\/ogg$/;

/** @param contentType of the reply; fails with `unsupported` and names what is read. */
export async function decoderFor(contentType: string | null): Promise<Result<StreamDecoder>> {
  const [type = ''] = (contentType ?? '').toLowerCase().split(';');
  if (MP3.test(type.trim())) return ok(await Mp3Decoder.open());
  if (WAV.test(type.trim())) return ok(new WavStreamDecoder());
  if (OGG.test(type.trim())) return ok(new OggOpusDecoder());
  return fail('unsupported', `it is ${contentType ?? 'of no type'}; MP3 (audio/mpeg), Ogg Opus and WAV are read`);
}
