/** One sample of WAV data as PCM16, whatever its encoding. */
import { decodeG711 } from '../codec/g711';
import type { WavEncoding } from './format';

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const A_LAW = decodeG711('PCMA', ALL_BYTES);
const MU_LAW = decodeG711('PCMU', ALL_BYTES);

/** Clips to 16 bits; what is no number, as a broken float may be, is silence. */
const clip = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.max(-32_768, Math.min(32_767, Math.round(value)));

/** By encoding: the sample that begins at `offset`. 8-bit PCM alone is unsigned (Microsoft's RIFF specification). */
export const SAMPLE_READERS: Readonly<Record<WavEncoding, (data: Buffer, offset: number) => number>> = {
  pcm8: (data, offset) => ((data[offset] ?? 128) - 128) << 8,
  pcm16: (data, offset) => data.readInt16LE(offset),
  pcm24: (data, offset) => clip(data.readIntLE(offset, 3) / 256),
  pcm32: (data, offset) => clip(data.readInt32LE(offset) / 65_536),
  float32: (data, offset) => clip(data.readFloatLE(offset) * 32_768),
  float64: (data, offset) => clip(data.readDoubleLE(offset) * 32_768),
  alaw: (data, offset) => A_LAW[data[offset] ?? 0] ?? 0,
  mulaw: (data, offset) => MU_LAW[data[offset] ?? 0] ?? 0,
};
