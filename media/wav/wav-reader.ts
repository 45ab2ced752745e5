/** Reads WAV files: PCM of 8 to 32 bits, floats, A-law and µ-law; any rate, one to eight channels. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { BYTES_PER_SAMPLE, FORMAT_TAGS } from './format';
import type { WavEncoding, WavFormat } from './format';
import { SAMPLE_READERS } from './samples';

export interface WavFile extends WavFormat {
  /** The `data` chunk, interleaved by channel; a view of the input. */
  readonly data: Buffer;
}

const EXTENSIBLE_TAG = 0xfffe;
const MAX_CHANNELS = 8;

/**
 * Finds format and data. A data chunk that claims more than the file holds is cut, as files left by a crash have it.
 * Fails with `bad_input` for what is no WAV and with `unsupported` for other encodings.
 */
export function readWav(file: Buffer): Result<WavFile> {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    return fail('bad_input', 'this is no WAV file: it does not begin with RIFF and WAVE');
  let format: WavFormat | undefined;
  for (let offset = 12; offset + 8 <= file.length;) {
    const name = file.toString('latin1', offset, offset + 4);
    const sizeBytes = file.readUInt32LE(offset + 4);
    const body = file.subarray(offset + 8, Math.min(file.length, offset + 8 + sizeBytes));
    if (name === 'fmt ') {
      const parsed = parseFormat(body);
      if (!parsed.ok) return parsed;
      format = parsed.value;
    }
    if (name === 'data') {
      if (!format) return fail('bad_input', 'the WAV file has its data before its format');
      const frameBytes = format.channels * BYTES_PER_SAMPLE[format.encoding];
      return ok({ ...format, data: body.subarray(0, body.length - (body.length % frameBytes)) });
    }
    offset += 8 + sizeBytes + (sizeBytes % 2);
  }
  return fail('bad_input', 'the WAV file has no data');
}

function parseFormat(body: Buffer): Result<WavFormat> {
  if (body.length < 16) return fail('bad_input', 'the format of the WAV file is cut');
  const ownTag = body.readUInt16LE(0);
  const tag = ownTag === EXTENSIBLE_TAG && body.length >= 26 ? body.readUInt16LE(24) : ownTag;
  const channels = body.readUInt16LE(2);
  const sampleRateHz = body.readUInt32LE(4);
  const bitsPerSample = body.readUInt16LE(14);
  const encoding = (Object.keys(FORMAT_TAGS) as WavEncoding[]).find(
    (name) => FORMAT_TAGS[name] === tag && BYTES_PER_SAMPLE[name] * 8 === bitsPerSample,
  );
  if (!encoding) return fail('unsupported', `WAV format ${tag} with ${bitsPerSample} bits is not supported`);
  if (channels < 1 || channels > MAX_CHANNELS) return fail('unsupported', `a WAV of ${channels} channels is not read`);
  if (sampleRateHz < 1000 || sampleRateHz > 384_000)
    return fail('unsupported', `a WAV of ${sampleRateHz} Hz is not read`);
  return ok({ encoding, channels, sampleRateHz });
}

/** How many samples each channel has. */
export const frameCount = ({ data, encoding, channels }: WavFile): number =>
  Math.floor(data.length / (BYTES_PER_SAMPLE[encoding] * channels));

/** One channel's samples as PCM16, at the file's own rate. */
export function channelSamples(wav: WavFile, channel: number): Int16Array {
  const { data, encoding, channels } = wav;
  const read = SAMPLE_READERS[encoding];
  const sampleBytes = BYTES_PER_SAMPLE[encoding];
  const result = new Int16Array(frameCount(wav));
  for (let frame = 0; frame < result.length; frame += 1)
    result[frame] = read(data, (frame * channels + channel) * sampleBytes);
  return result;
}

/** All channels mixed into one, at the file's own rate. */
export const monoSamples = (wav: WavFile): Int16Array => monoPart(wav, 0, frameCount(wav));

/** The same for the samples from `from` up to `to`, so that long files can be read in turns. */
export function monoPart(wav: WavFile, from: number, to: number): Int16Array {
  const { data, encoding, channels } = wav;
  const read = SAMPLE_READERS[encoding];
  const sampleBytes = BYTES_PER_SAMPLE[encoding];
  const result = new Int16Array(Math.max(0, to - from));
  for (let index = 0; index < result.length; index += 1) {
    const offset = (from + index) * channels * sampleBytes;
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += read(data, offset + channel * sampleBytes);
    result[index] = Math.round(sum / channels);
  }
  return result;
}
