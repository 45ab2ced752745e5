/** One table of the codecs: their clocks, and how to make decoders and encoders. */
import { invariant } from '../../base/errors';
import type { AudioCodec, G711Codec } from '../ports';
import type { AudioDecoder, AudioEncoder } from './audio-codec';
import { SAMPLE_RATE_HZ, decodeG711, encodeG711, transcodeG711 } from './g711';
import { G722Decoder, G722Encoder } from './g722';

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
  G722: { clockRateHz: 8000, sampleRateHz: 16_000, stateless: false },
};

export const isG711 = (codec: AudioCodec): codec is G711Codec => codec === 'PCMA' || codec === 'PCMU';

/** Whether packets of one codec are made packets of the other sample by sample, without a state. */
export const isTranslatable = (from: AudioCodec, to: AudioCodec): boolean =>
  from === to || (isG711(from) && isG711(to));

/** The same sound in the other codec; throws for codecs that are not {@link isTranslatable}. */
export function translate(from: AudioCodec, to: AudioCodec, payload: Buffer): Buffer {
  if (from === to) return payload;
  invariant(isG711(from) && isG711(to), `${from} cannot be made ${to} packet by packet`);
  return transcodeG711(from, to, payload);
}

export function createDecoder(codec: AudioCodec): AudioDecoder {
  if (!isG711(codec)) return new G722Decoder();
  return { sampleRateHz: SAMPLE_RATE_HZ, decode: (payload) => decodeG711(codec, payload), close: () => undefined };
}

export function createEncoder(codec: AudioCodec): AudioEncoder {
  if (!isG711(codec)) return new G722Encoder();
  return { sampleRateHz: SAMPLE_RATE_HZ, encode: (samples) => encodeG711(codec, samples), close: () => undefined };
}
