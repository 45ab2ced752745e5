/**
 * Comfort noise of G.711 peers that send nothing while they are silent (RFC 3389): each packet says how loud the
 * background is. It becomes one frame of noise, so that whoever mixes the peer knows what to fill the pause with; the
 * spectrum that may follow the level is left out.
 */
import type { G711Codec } from '../ports';
import { FRAME_SAMPLES, encodeG711 } from './g711';

/** Of CN at 8 kHz (RFC 3551, table 4). */
export const COMFORT_NOISE_PAYLOAD_TYPE = 13;

/** In dB below overload; what is louder is no background. */
const LOUDEST_LEVEL = 30;
const OVERLOAD = 32_768;

let seed = 0x2545_f491;

/** Section 3.1: the low seven bits of the first byte are the level in -dBov. An empty packet is silence. */
export function comfortNoise(codec: G711Codec, payload: Buffer): Buffer {
  const level = Math.max(LOUDEST_LEVEL, (payload[0] ?? 127) & 0x7f);
  // White and uniform: the peak is the root of three times the root mean square.
  const peak = OVERLOAD * 10 ** (-level / 20) * Math.sqrt(3);
  return encodeG711(
    codec,
    new Int16Array(FRAME_SAMPLES).map(() => Math.round(nextRandom() * peak)),
  );
}

/** Of -1 to 1. */
function nextRandom(): number {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return seed / 0x8000_0000;
}
