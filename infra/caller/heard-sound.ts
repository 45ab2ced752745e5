/** What the caller hears, put together by the packets' timestamps: a lost packet is silence, a late one finds its place. */
import { SAMPLE_RATE_HZ, decodeG711 } from '../../media/codec/g711';
import type { G711Codec } from '../../media/ports';
import type { StreamPacket } from '../../media/endpoint/endpoint';
import { timestampDistance } from '../../media/rtp/sequence';

/** A jump of the timestamps beyond this is a new beginning rather than a gap. */
const MAX_GAP_SAMPLES = 10 * SAMPLE_RATE_HZ;
const MAX_SAMPLES = 60 * 60 * SAMPLE_RATE_HZ;
const FIRST_CAPACITY_SAMPLES = 30 * SAMPLE_RATE_HZ;

interface Anchor {
  readonly sourceId: number;
  /** The RTP timestamp and the place in the recording that belong together. */
  timestamp: number;
  position: number;
}

export class HeardSound {
  private samples = new Int16Array(0);
  private length = 0;
  private anchor: Anchor | undefined;

  /** Everything heard so far, 8 kHz; at most the first hour. */
  get pcm(): Int16Array {
    return this.samples.slice(0, this.length);
  }

  get durationMs(): number {
    return (this.length * 1000) / SAMPLE_RATE_HZ;
  }

  add(packet: StreamPacket, codec: G711Codec): void {
    const position = this.positionOf(packet);
    const pcm = decodeG711(codec, packet.payload);
    const end = position + pcm.length;
    if (position < 0 || end > MAX_SAMPLES) return;
    if (end > this.samples.length) this.grow(end);
    this.samples.set(pcm, position);
    this.length = Math.max(this.length, end);
  }

  /** The level of the last stretch in dB of full scale; -Infinity when it was silent. */
  recentLevelDbfs(lastMs: number): number {
    const from = Math.max(0, this.length - Math.round((lastMs * SAMPLE_RATE_HZ) / 1000));
    let sum = 0;
    for (let index = from; index < this.length; index += 1) sum += (this.samples[index] ?? 0) ** 2;
    return this.length === from ? -Infinity : 10 * Math.log10(sum / (this.length - from) / 32_768 ** 2);
  }

  private positionOf({ sourceId, timestamp }: StreamPacket): number {
    const distance = this.anchor ? timestampDistance(this.anchor.timestamp, timestamp) : 0;
    if (!this.anchor || this.anchor.sourceId !== sourceId || Math.abs(distance) > MAX_GAP_SAMPLES) {
      this.anchor = { sourceId, timestamp, position: this.length };
      return this.length;
    }
    const position = this.anchor.position + distance;
    if (distance > 0) {
      this.anchor.timestamp = timestamp;
      this.anchor.position = position;
    }
    return position;
  }

  private grow(needed: number): void {
    const grown = new Int16Array(
      Math.min(MAX_SAMPLES, Math.max(needed, FIRST_CAPACITY_SAMPLES, this.samples.length * 2)),
    );
    grown.set(this.samples);
    this.samples = grown;
  }
}
