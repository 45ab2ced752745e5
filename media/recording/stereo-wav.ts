/** What can be made of a recording of two parties without holding it in memory: one track of it, and its outline. */
import type { ByteSource } from '../../base/byte-source';
import { piecesOf } from '../../base/byte-source';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { SAMPLE_RATE_HZ, decodeG711, encodeG711 } from '../codec/g711';
import type { G711Codec } from '../ports';
import { FORMAT_TAGS } from '../wav/format';
import { WAV_HEADER_BYTES, wavHeader } from '../wav/wav-header';

/** Both parties in one track, or one of them alone. */
export type Track = 'mono' | 'caller' | 'agent';

const CHANNELS = 2;
const FULL_SCALE = 32_768;

interface StereoWav {
  readonly codec: G711Codec;
  readonly frames: number;
}

/** Errors: `unsupported` for what is not as the recorder writes it. */
const readStereoWav = async (wav: ByteSource): Promise<Result<StereoWav>> => {
  const header = await wav.read(0, WAV_HEADER_BYTES);
  const is = (text: string, at: number): boolean => header.toString('latin1', at, at + text.length) === text;
  if (header.length < WAV_HEADER_BYTES || !is('RIFF', 0) || !is('data', WAV_HEADER_BYTES - 8))
    return fail('unsupported', 'the recording has another form than ours');
  const tag = header.readUInt16LE(20);
  const codec = tag === FORMAT_TAGS.alaw ? 'PCMA' : tag === FORMAT_TAGS.mulaw ? 'PCMU' : undefined;
  if (!codec || header.readUInt16LE(22) !== CHANNELS)
    return fail('unsupported', 'the recording has not two channels in G.711');
  return ok({ codec, frames: Math.floor((wav.sizeBytes - WAV_HEADER_BYTES) / CHANNELS) });
};

/** One track of a recording, as a WAV of one channel in the same codec. Errors: `unsupported`. */
export const singleTrack = async (wav: ByteSource, track: Track): Promise<Result<ByteSource>> => {
  const read = await readStereoWav(wav);
  if (!read.ok) return read;
  const { codec, frames } = read.value;
  const encoding = codec === 'PCMA' ? 'alaw' : 'mulaw';
  const header = wavHeader({ encoding, channels: 1, sampleRateHz: SAMPLE_RATE_HZ }, frames);
  const samples = async (first: number, count: number): Promise<Buffer> => {
    const both = await wav.read(WAV_HEADER_BYTES + first * CHANNELS, count * CHANNELS);
    return track === 'mono' ? mixed(codec, both) : everySecond(both, track === 'caller' ? 0 : 1);
  };
  return ok({
    sizeBytes: WAV_HEADER_BYTES + frames,
    async read(offsetBytes, lengthBytes) {
      const end = Math.min(WAV_HEADER_BYTES + frames, offsetBytes + lengthBytes);
      if (offsetBytes >= end) return Buffer.alloc(0);
      const first = Math.max(0, offsetBytes - WAV_HEADER_BYTES);
      const beginning = header.subarray(offsetBytes, end);
      if (end <= WAV_HEADER_BYTES) return Buffer.from(beginning);
      return Buffer.concat([beginning, await samples(first, end - WAV_HEADER_BYTES - first)]);
    },
  });
};

const everySecond = (interleaved: Buffer, from: 0 | 1): Buffer => {
  const one = Buffer.alloc(interleaved.length >> 1);
  for (let index = 0; index < one.length; index += 1) one[index] = interleaved[index * 2 + from] ?? 0;
  return one;
};

const mixed = (codec: G711Codec, interleaved: Buffer): Buffer => {
  const both = decodeG711(codec, interleaved);
  const sum = new Int16Array(both.length >> 1);
  for (let index = 0; index < sum.length; index += 1) {
    const value = (both[index * 2] ?? 0) + (both[index * 2 + 1] ?? 0);
    sum[index] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, value));
  }
  return encodeG711(codec, sum);
};

export interface Peaks {
  readonly durationMs: number;
  /** For each channel the loudest sample of each stretch, 0 to 1. */
  readonly channels: number[][];
}

/** The outline of a recording in so many stretches of the same length; fewer where it has fewer samples. */
export const peaksOf = async (wav: ByteSource, points: number): Promise<Result<Peaks>> => {
  const read = await readStereoWav(wav);
  if (!read.ok) return read;
  const { codec, frames } = read.value;
  const count = Math.min(points, frames);
  const loudness = loudnessOf(codec);
  const peaks = Array.from({ length: CHANNELS }, () => new Float64Array(count));
  let at = -WAV_HEADER_BYTES;
  for await (const piece of piecesOf(wav)) {
    for (const byte of piece) {
      if (at >= 0 && at < frames * CHANNELS) {
        const stretch = Math.floor(((at >> 1) * count) / frames);
        const track = peaks[at & 1] as Float64Array;
        track[stretch] = Math.max(track[stretch] ?? 0, loudness[byte] ?? 0);
      }
      at += 1;
    }
  }
  const rounded = peaks.map((track) => Array.from(track, (value) => Math.round(value * 1000) / 1000));
  return ok({ durationMs: Math.round((frames * 1000) / SAMPLE_RATE_HZ), channels: rounded });
};

/** Of each code word. */
const loudnessOf = (codec: G711Codec): Float64Array =>
  Float64Array.from(
    decodeG711(
      codec,
      Uint8Array.from({ length: 256 }, (_, word) => word),
    ),
    (sample) =>
      // Digital silence of A-law is the smallest step rather than 0.
      Math.abs(sample) <= 8 ? 0 : Math.abs(sample) / FULL_SCALE,
  );
