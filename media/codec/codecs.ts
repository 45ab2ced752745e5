/** One table of the codecs: their clocks, and how to make decoders and encoders. */
import { invariant } from '../../base/errors';
import type { AudioCodec, G711Codec } from '../ports';
import type { AudioDecoder, AudioEncoder } from './audio-codec';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ, SILENCE_BYTE, decodeG711, encodeG711, transcodeG711 } from './g711';
import { G722Decoder, G722Encoder } from './g722';
import { OpusDecoder, OpusEncoder } from './opus';
import type { OpusRateHz } from './opus';
import { OPUS_CLOCK_RATE_HZ, OPUS_SILENCE, opusDurationMs } from './opus-packet';

export interface CodecFacts {
  /** Of RTP timestamps (RFC 3551: G.722 counts at 8 kHz although it samples at 16). */
  readonly clockRateHz: number;
  /** Of the sound itself, as it is mixed. */
  readonly sampleRateHz: number;
  /** One frame's bytes depend on nothing but its samples, so they may be made once for everybody. */
  readonly stateless: boolean;
}

export const CODEC_FACTS: Readonly<Record<AudioCodec, CodecFacts>> = {
  PCMA: { clockRateHz: 8000, sampleRateHz: 8000, stateless: true },
  PCMU: { clockRateHz: 8000, sampleRateHz: 8000, stateless: true },
  G722: { clockRateHz: 8000, sampleRateHz: 16_000, stateless: false },
  OPUS: { clockRateHz: OPUS_CLOCK_RATE_HZ, sampleRateHz: 16_000, stateless: false },
};

/** All codecs, the best sound first. */
export const AUDIO_CODECS: readonly AudioCodec[] = ['OPUS', 'G722', 'PCMA', 'PCMU'];

/** How long a packet of sound lasts, in timestamp units; G.711 and G.722 have one byte for each. */
export const unitsOf = (codec: AudioCodec, payload: Buffer): number =>
  codec === 'OPUS' ? (opusDurationMs(payload) * OPUS_CLOCK_RATE_HZ) / 1000 : payload.length;

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

/** One 20 ms frame without any sound. */
export function silentFrame(codec: AudioCodec): Buffer {
  if (codec === 'OPUS') return OPUS_SILENCE;
  if (isG711(codec)) return Buffer.alloc(FRAME_SAMPLES, SILENCE_BYTE[codec]);
  return new G722Encoder().encode(new Int16Array(2 * FRAME_SAMPLES));
}

/** Opus makes 8 kHz of any packet and takes 8 kHz as well, at less cost than 16 kHz. */
const opusRateFor = (rateHz: number): OpusRateHz => (rateHz <= 8000 ? 8000 : 16_000);

/** @param rateHz that is needed; other codecs than Opus have one of their own all the same. */
export function createDecoder(codec: AudioCodec, rateHz = Infinity): AudioDecoder {
  if (codec === 'OPUS') return new OpusDecoder(opusRateFor(rateHz));
  if (codec === 'G722') return new G722Decoder();
  return { sampleRateHz: SAMPLE_RATE_HZ, decode: (payload) => decodeG711(codec, payload), close: () => undefined };
}

/** @param rateHz of the sound that is there; other codecs than Opus want it at their own all the same. */
export function createEncoder(codec: AudioCodec, rateHz = Infinity): AudioEncoder {
  if (codec === 'OPUS') return new OpusEncoder(opusRateFor(rateHz));
  if (codec === 'G722') return new G722Encoder();
  return { sampleRateHz: SAMPLE_RATE_HZ, encode: (samples) => encodeG711(codec, samples), close: () => undefined };
}
