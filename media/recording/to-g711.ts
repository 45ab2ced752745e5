/** What a party says as G.711, whatever its leg carries. */
import { createDecoder, isG711 } from '../codec/codecs';
import { SAMPLE_RATE_HZ, encodeG711, transcodeG711 } from '../codec/g711';
import { createResampler } from '../mixer/resampler';
import type { AudioCodec, G711Codec } from '../ports';

export interface G711Converter {
  convert(payload: Buffer): Buffer;
  /** Idempotent. */
  close(): void;
}

/** One for all streams, as most need no more. */
const SAME: G711Converter = { convert: (payload) => payload, close: () => undefined };

/** For one stream: codecs with a state keep it from packet to packet. */
export function toG711(from: AudioCodec, to: G711Codec): G711Converter {
  if (from === to) return SAME;
  if (isG711(from)) return { convert: (payload) => transcodeG711(from, to, payload), close: () => undefined };
  const decoder = createDecoder(from, SAMPLE_RATE_HZ);
  const resampler = createResampler(decoder.sampleRateHz, SAMPLE_RATE_HZ);
  return {
    convert: (payload) => encodeG711(to, resampler.process(decoder.decode(payload))),
    close: () => decoder.close(),
  };
}
