/**
 * How a call sounds, by the E-model (ITU-T G.107, 06/2015) with its default values for everything that a media server
 * does not see: R = R0 - Is - Id - Ie,eff, whose first two terms are 93.2 by default.
 */
import type { AudioCodec } from '../ports';

/** G.107 table 2's default values, without delay and without equipment impairment. */
const DEFAULT_R = 93.2;

interface CodecImpairment {
  /** Impairment without loss. */
  readonly ie: number;
  /** Robustness against random loss, with concealment. */
  readonly bpl: number;
}

/**
 * G.711 with concealment: ITU-T G.113 (11/2007) appendix I, Ie 0 and Bpl 25.1. Deviation: G.113 rates G.722 on the
 * wide-band scale only, and Opus not at all. On the narrow-band scale both are taken as G.711 here, which understates
 * them.
 */
const IMPAIRMENTS: Readonly<Record<AudioCodec, CodecImpairment>> = {
  PCMA: { ie: 0, bpl: 25.1 },
  PCMU: { ie: 0, bpl: 25.1 },
  G722: { ie: 0, bpl: 25.1 },
  OPUS: { ie: 0, bpl: 25.1 },
};

export interface HeardConditions {
  readonly codec: AudioCodec;
  /** Packets that were not heard, lost or too late, of those that were sent: 0 to 1. */
  readonly lossShare: number;
  /** From mouth to ear, one way: network, jitter buffer and packets themselves. */
  readonly delayMs: number;
}

export interface Quality {
  /** 0 to 93.2. */
  readonly rFactor: number;
  /** Mean opinion score, conversational quality estimated: 1 to 4.41. */
  readonly mos: number;
}

export function estimateQuality({ codec, lossShare, delayMs }: HeardConditions): Quality {
  const { ie, bpl } = IMPAIRMENTS[codec];
  const lossPercent = 100 * Math.min(1, Math.max(0, lossShare));
  // G.107 (7-29) with BurstR = 1: random loss.
  const equipment = ie + (95 - ie) * (lossPercent / (lossPercent + bpl));
  const rFactor = Math.max(0, DEFAULT_R - delayImpairment(delayMs) - equipment);
  return { rFactor, mos: mosOf(rFactor) };
}

/** G.107 (7-27) and (7-28), Idd: nothing up to 100 ms. Echo (Idte, Idle) is taken as cancelled. */
function delayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0;
  const x = Math.log2(delayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** G.107 annex B (B-4). */
function mosOf(rFactor: number): number {
  if (rFactor <= 0) return 1;
  if (rFactor >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * rFactor + rFactor * (rFactor - 60) * (100 - rFactor) * 7e-6);
}
