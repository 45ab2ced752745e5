/** One table of the codecs: their clocks, and how to make decoders and encoders. */
import type { AudioCodec } from '../ports';
import type { AudioDecoder, AudioEncoder } from './audio-codec';
import { SAMPLE_RATE_HZ, decodeG711, encodeG711 } from './g711';

export interface CodecFacts {
  /** Of RTP timestamps (RFC 3551: G.722 counts at 8 kHz although it samples at 16). */
  readonly clockRateHz: number;
  /** Of the sound itself. */
  readonly sampleRateHz: number;
  /** One frame's bytes depend on nothing but its samples, so they may be made once for everybody. */
  readonly stateless: boolean;
}

export const CODEC_FACTS: Readonly<Record<AudioCodec, CodecFacts>> = {
  PCMA: { clockRateHz: 8000, sampleRateHz: 8000, stateless: true },
  PCMU: { clockRateHz: 8000, sampleRateHz: 8000, stateless: true },
};

export function createDecoder(codec: AudioCodec): AudioDecoder {
  return { sampleRateHz: SAMPLE_RATE_HZ, decode: (payload) => decodeG711(codec, payload), close: () => undefined };
}

export function createEncoder(codec: AudioCodec): AudioEncoder {
  return { sampleRateHz: SAMPLE_RATE_HZ, encode: (samples) => encodeG711(codec, samples), close: () => undefined };
}
