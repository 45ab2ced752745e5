/** How a voice arrives, from one reading of its counters to the next, and all in all. */
import { estimateQuality } from '../media/quality/e-model';
import type { AudioCodec } from '../media/ports';
import type { DirectionQuality } from '../store/interaction';

/** Counters since the stream began. */
export interface VoiceCounters {
  readonly packets: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number | undefined;
  /** Sound that had to be made up. */
  readonly concealedMs?: number | undefined;
  readonly jitterBufferMs?: number | undefined;
}

/** Of the time since the reading before. */
export interface LiveQuality {
  readonly mos: number;
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number | undefined;
  readonly jitterBufferMs?: number | undefined;
}

/** Below this many are dissatisfied (ITU-T G.107 annex B, R = 70). */
export const POOR_MOS = 3.6;
const PACKET_MS = 20;
/** A buffer that nobody reports is taken as twice the jitter. */
const ASSUMED_BUFFER_PER_JITTER = 2;

const NOTHING: VoiceCounters = { packets: 0, lost: 0, jitterMs: 0, concealedMs: 0 };

export class DirectionFigures {
  private last = NOTHING;
  private latest: LiveQuality | undefined;
  private packets = 0;
  private lost = 0;
  private concealedMs = 0;
  private intervals = 0;
  private poor = 0;
  private mosSum = 0;
  private worst = { mos: Infinity, rFactor: Infinity };
  private jitterSum = 0;
  private maxJitterMs = 0;

  /** Undefined while nothing comes. */
  get live(): LiveQuality | undefined {
    return this.latest;
  }

  observe(now: VoiceCounters, codec: AudioCodec): void {
    // A stream that began anew, such as in another process, counts from zero.
    const before = now.packets < this.last.packets ? NOTHING : this.last;
    const packets = now.packets - before.packets;
    const lost = Math.max(0, now.lost - before.lost);
    const concealedMs = Math.max(0, (now.concealedMs ?? 0) - (before.concealedMs ?? 0));
    this.last = now;
    this.latest = undefined;
    if (packets <= 0) return;
    const lossShare = Math.max(lost, now.concealedMs === undefined ? 0 : concealedMs / PACKET_MS) / (packets + lost);
    const bufferMs = now.jitterBufferMs ?? now.jitterMs * ASSUMED_BUFFER_PER_JITTER;
    const quality = estimateQuality({ codec, lossShare, delayMs: (now.roundTripMs ?? 0) / 2 + bufferMs + PACKET_MS });
    this.packets += packets;
    this.lost += lost;
    this.concealedMs += concealedMs;
    this.intervals += 1;
    this.mosSum += quality.mos;
    if (quality.mos < POOR_MOS) this.poor += 1;
    if (quality.mos < this.worst.mos) this.worst = quality;
    this.jitterSum += now.jitterMs;
    this.maxJitterMs = Math.max(this.maxJitterMs, now.jitterMs);
    const { roundTripMs, jitterBufferMs } = now;
    this.latest = {
      mos: round(quality.mos, 2),
      lossPercent: round(Math.min(100, 100 * lossShare), 1),
      jitterMs: round(now.jitterMs, 1),
      ...(roundTripMs !== undefined && { roundTripMs: round(roundTripMs, 0) }),
      ...(jitterBufferMs !== undefined && { jitterBufferMs: round(jitterBufferMs, 0) }),
    };
  }

  /** Undefined when nothing came. */
  summary(): DirectionQuality | undefined {
    const { intervals, last } = this;
    if (intervals === 0) return undefined;
    return {
      packets: this.packets,
      lost: this.lost,
      jitterMs: round(this.jitterSum / intervals, 1),
      maxJitterMs: round(this.maxJitterMs, 1),
      ...(last.roundTripMs !== undefined && { roundTripMs: round(last.roundTripMs, 0) }),
      ...(last.concealedMs !== undefined && { concealedMs: round(this.concealedMs, 0) }),
      ...(last.jitterBufferMs !== undefined && { jitterBufferMs: round(last.jitterBufferMs, 0) }),
      worstMos: round(this.worst.mos, 2),
      worstRFactor: round(this.worst.rFactor, 1),
      meanMos: round(this.mosSum / intervals, 2),
      poorPercent: round((100 * this.poor) / intervals, 0),
    };
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
