/** The one stream that a peer hears: numbering by the {@link StreamRewriter}, one SSRC, counted. */
import { randomInt } from 'node:crypto';
import type { Clock } from '../../../base/clock';
import { serializeRtp } from '../../rtp/packet';
import { StreamRewriter } from '../../rtp/stream-rewriter';
import type { AudioCodec } from '../../ports';
import type { StreamPacket } from '../endpoint';
import type { OutgoingCounters } from './rtcp-session';

export class OutgoingStream {
  readonly ssrc = randomInt(1, 0xffff_ffff);
  private readonly rewriter: StreamRewriter;
  private packetCount = 0;
  private octetCount = 0;

  constructor(clock: Clock) {
    this.rewriter = new StreamRewriter(clock);
  }

  get packetsSent(): number {
    return this.packetCount;
  }

  /** See {@link StreamRewriter.carry}. */
  carry(codec: AudioCodec): void {
    this.rewriter.carry(codec);
  }

  /** The datagram to send for this packet, or undefined when it must be left out. */
  next(packet: StreamPacket, payloadType: number): Buffer | undefined {
    const header = this.rewriter.rewrite(packet);
    if (!header) return undefined;
    const { payload } = packet;
    this.packetCount += 1;
    this.octetCount += payload.length;
    const { marker, sequenceNumber, timestamp } = header;
    return serializeRtp({ marker, payloadType, sequenceNumber, timestamp, ssrc: this.ssrc, payload });
  }

  /** See {@link StreamRewriter.omit}. */
  omit(packet: StreamPacket): void {
    this.rewriter.omit(packet);
  }

  counters(): OutgoingCounters {
    const { packetCount, octetCount } = this;
    return { packetCount, octetCount: octetCount >>> 0, rtpTimestamp: this.rewriter.timestampNow() };
  }
}
