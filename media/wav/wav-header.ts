/** The header of a WAV file (RIFF, `fmt `, `fact`, `data`) and its writing. */
import { endianness } from 'node:os';
import { BYTES_PER_SAMPLE, FORMAT_TAGS } from './format';
import type { WavFormat } from './format';

/** Every header made here has this size, so that it can be rewritten in place. */
export const WAV_HEADER_BYTES = 58;

/** The largest data chunk whose sizes fit into 32 bits. */
export const MAX_WAV_DATA_BYTES = 0xffff_ffff - WAV_HEADER_BYTES;

/** The bytes that stand before `dataBytes` of samples. */
export function wavHeader(format: WavFormat, dataBytes: number): Buffer {
  const sampleBytes = BYTES_PER_SAMPLE[format.encoding];
  const frameBytes = sampleBytes * format.channels;
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(FORMAT_TAGS[format.encoding], 20);
  header.writeUInt16LE(format.channels, 22);
  header.writeUInt32LE(format.sampleRateHz, 24);
  header.writeUInt32LE(format.sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(sampleBytes * 8, 34);
  // Formats other than PCM carry the size of an (empty) extension and a fact chunk with the number of samples.
  header.writeUInt16LE(0, 36);
  header.write('fact', 38, 'latin1');
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(Math.floor(dataBytes / frameBytes), 46);
  header.write('data', 50, 'latin1');
  header.writeUInt32LE(dataBytes, 54);
  return header;
}

/** A whole WAV file in memory. */
export const writeWav = (format: WavFormat, data: Buffer): Buffer =>
  Buffer.concat([wavHeader(format, data.length), data, Buffer.alloc(data.length % 2)]);

/** PCM16 samples as the bytes of a `data` chunk. */
export function pcm16Bytes(samples: Int16Array): Buffer {
  const bytes = Buffer.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return endianness() === 'LE' ? bytes : bytes.swap16();
}
