/** The E-model fed with what is counted of one leg: how its peer's voice arrives. */
import type { AudioCodec, EndpointStats } from '../ports';
import { estimateQuality } from './e-model';
import type { Quality } from './e-model';

/** One packet must be spoken before it can be sent. */
const PACKET_MS = 20;
/** A receiver's buffer that we do not see is taken as twice the jitter. */
const ASSUMED_BUFFER_PER_JITTER = 2;

export interface MixedCounters {
  readonly concealedMs: number;
  readonly playedMs: number;
  readonly delayMs: number;
}

/**
 * Undefined before anything has come. While the voice is mixed, what had to be made up counts as lost; while it is
 * forwarded, what the network lost.
 */
export function legQuality(
  codec: AudioCodec,
  stats: EndpointStats,
  mixed: MixedCounters | undefined,
): Quality | undefined {
  const expected = stats.packetsReceived + stats.packetsLost;
  if (expected === 0) return undefined;
  const isMixed = mixed !== undefined && mixed.playedMs > 0;
  const lossShare = isMixed ? mixed.concealedMs / mixed.playedMs : stats.packetsLost / expected;
  const bufferMs = isMixed ? mixed.delayMs : stats.jitterMs * ASSUMED_BUFFER_PER_JITTER;
  return estimateQuality({ codec, lossShare, delayMs: (stats.roundTripMs ?? 0) / 2 + bufferMs + PACKET_MS });
}
