/** What a party says as G.711, whatever its leg carries. */
import { createDecoder, isG711 } from '../codec/codecs';
import { SAMPLE_RATE_HZ, encodeG711, transcodeG711 } from '../codec/g711';
import { createResampler } from '../mixer/resampler';
import type { AudioCodec, G711Codec } from '../ports';

export type G711Converter = (payload: Buffer) => Buffer;

/** For one stream: codecs with a state keep it from packet to packet. */
export function toG711(from: AudioCodec, to: G711Codec): G711Converter {
  if (isG711(from)) return (payload) => transcodeG711(from, to, payload);
  const decoder = createDecoder(from, SAMPLE_RATE_HZ);
  const resampler = createResampler(decoder.sampleRateHz, SAMPLE_RATE_HZ);
  return (payload) => encodeG711(to, resampler.process(decoder.decode(payload)));
}
