/**
 * G.711: A-law and µ-law to 16-bit PCM, back, and into each other, by tables made once from the recommendation's
 * segments. One byte is one sample at 8 kHz.
 */
import type { G711Codec } from '../ports';

export const SAMPLE_RATE_HZ = 8000;
/** Samples, and in G.711 bytes, of one 20 ms frame. */
export const FRAME_SAMPLES = 160;
export const FRAME_MS = 20;

/** The byte that means silence. */
export const SILENCE_BYTE: Readonly<Record<G711Codec, number>> = { PCMA: 0xd5, PCMU: 0xff };

/** µ-law is linear in the logarithm after this is added (G.711 table 2). */
const MULAW_BIAS = 0x84;
const MULAW_CLIP = 32_635;

function decodeAlaw(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code & 0x70) >> 4;
  const step = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (code & 0x80) !== 0 ? magnitude : -magnitude;
}

function decodeMulaw(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + MULAW_BIAS) << ((code & 0x70) >> 4)) - MULAW_BIAS;
  return (code & 0x80) !== 0 ? -magnitude : magnitude;
}

function encodeAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(0x7fff, sample >= 0 ? sample : -sample - 1);
  const segment = Math.max(0, 23 - Math.clz32(magnitude | 0xff) + 1);
  const mantissa = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}

function encodeMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(MULAW_CLIP, Math.abs(sample)) + MULAW_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

interface Tables {
  readonly toPcm: Int16Array;
  /** By the sample plus 32768. */
  readonly fromPcm: Uint8Array;
}

const tablesOf = (decode: (byte: number) => number, encode: (sample: number) => number): Tables => ({
  toPcm: Int16Array.from({ length: 256 }, (_, byte) => decode(byte)),
  fromPcm: Uint8Array.from({ length: 65_536 }, (_, index) => encode(index - 32_768)),
});

const TABLES: Readonly<Record<G711Codec, Tables>> = {
  PCMA: tablesOf(decodeAlaw, encodeAlaw),
  PCMU: tablesOf(decodeMulaw, encodeMulaw),
};

const crossTable = (from: G711Codec, to: G711Codec): Uint8Array =>
  Uint8Array.from(TABLES[from].toPcm, (sample) => TABLES[to].fromPcm[sample + 32_768] ?? 0);

const CROSS_TABLES: Readonly<Record<G711Codec, Uint8Array>> = {
  PCMA: crossTable('PCMA', 'PCMU'),
  PCMU: crossTable('PCMU', 'PCMA'),
};

/** 16-bit samples of G.711 bytes. */
export function decodeG711(codec: G711Codec, bytes: Uint8Array): Int16Array {
  const { toPcm } = TABLES[codec];
  const samples = new Int16Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) samples[index] = toPcm[bytes[index] ?? 0] ?? 0;
  return samples;
}

/** G.711 bytes of 16-bit samples. */
export function encodeG711(codec: G711Codec, samples: Int16Array): Buffer {
  const { fromPcm } = TABLES[codec];
  const bytes = Buffer.alloc(samples.length);
  for (let index = 0; index < samples.length; index += 1) bytes[index] = fromPcm[(samples[index] ?? 0) + 32_768] ?? 0;
  return bytes;
}

/** The other law's bytes for these, sample by sample; the same buffer when both are one codec. */
export function transcodeG711(from: G711Codec, to: G711Codec, bytes: Buffer): Buffer {
  if (from === to) return bytes;
  const table = CROSS_TABLES[from];
  const result = Buffer.allocUnsafe(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) result[index] = table[bytes[index] ?? 0] ?? 0;
  return result;
}
