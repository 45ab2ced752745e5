/** Reads a recording as the API delivers it: WAV of G.711 with one channel per party. Follows the RIFF chunks. */
import { decodeG711 } from '../../media/codec/g711';
import { fromPcm16 } from './spectrum';

const CODEC_OF_FORMAT_TAG = { 6: 'PCMA', 7: 'PCMU' } as const;

export interface Recording {
  readonly sampleRateHz: number;
  readonly channels: Float64Array[];
}

export const readG711Wav = (file: Buffer): Recording => {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('this is no WAV file');
  }
  const format = chunk(file, 'fmt ');
  const tag = format.readUInt16LE(0);
  if (tag !== 6 && tag !== 7) throw new Error(`format tag ${tag} is not G.711`);
  const channelCount = format.readUInt16LE(2);
  const data = chunk(file, 'data');
  const channels = Array.from({ length: channelCount }, (_, channel) => {
    const bytes = Buffer.from(data.filter((_byte, index) => index % channelCount === channel));
    return fromPcm16(decodeG711(CODEC_OF_FORMAT_TAG[tag], bytes));
  });
  return { sampleRateHz: format.readUInt32LE(4), channels };
};

const chunk = (file: Buffer, id: string): Buffer => {
  for (let at = 12; at + 8 <= file.length;) {
    const lengthBytes = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === id) return file.subarray(at + 8, at + 8 + lengthBytes);
    at += 8 + lengthBytes + (lengthBytes % 2);
  }
  throw new Error(`the file has no chunk ${id}`);
};
