/** The stream that a peer sends: which SSRC is current, what was received of it, and what was lost. */
import type { Clock } from '../../../base/clock';
import { CODEC_FACTS } from '../../codec/codecs';
import type { AudioCodec } from '../../ports';
import type { RtpPacket } from '../../rtp/packet';
import { ReceiveStatistics } from '../../rtp/receive-statistics';
import type { LossReport } from '../../rtp/receive-statistics';
import { nextSourceId } from '../../source-id';
import type { StreamPacket } from '../endpoint';

/** A second SSRC beside one that still sends is ignored; a peer that changes its SSRC stops the old one. */
const SSRC_SILENT_AFTER_MS = 100;

interface CurrentStream {
  readonly ssrc: number;
  readonly sourceId: number;
  readonly statistics: ReceiveStatistics;
  lastPacketMs: number;
}

export class IncomingStream {
  private current: CurrentStream | undefined;
  private earlierLost = 0;
  private received = 0;
  private clockRateHz = CODEC_FACTS.PCMA.clockRateHz;

  constructor(private readonly clock: Clock) {}

  /** What the stream's packets are; to be told before the first of them. */
  carry(codec: AudioCodec): void {
    this.clockRateHz = CODEC_FACTS[codec].clockRateHz;
  }

  get packetsReceived(): number {
    return this.received;
  }

  get packetsLost(): number {
    return this.earlierLost + (this.current?.statistics.lost ?? 0);
  }

  get jitterMs(): number {
    return this.current?.statistics.jitterMs ?? 0;
  }

  /** Takes a packet in; returns the source it belongs to, or undefined when its SSRC is not the current one. */
  accept(packet: RtpPacket, content: StreamPacket['content']): number | undefined {
    const arrivalMs = this.clock.monotonicMs();
    const stream = this.streamOf(packet.ssrc, arrivalMs);
    if (!stream) return undefined;
    stream.lastPacketMs = arrivalMs;
    this.received += 1;
    const { sequenceNumber, timestamp } = packet;
    stream.statistics.note({ sequenceNumber, timestamp, arrivalMs }, content === 'audio');
    return stream.sourceId;
  }

  /** What a report block says of the current stream; undefined before the first packet. */
  takeReport(): (LossReport & { readonly ssrc: number; readonly jitter: number }) | undefined {
    if (!this.current) return undefined;
    const { ssrc, statistics } = this.current;
    return { ssrc, jitter: statistics.jitter, ...statistics.takeReport() };
  }

  private streamOf(ssrc: number, nowMs: number): CurrentStream | undefined {
    const { current } = this;
    if (current?.ssrc === ssrc) return current;
    if (current && nowMs - current.lastPacketMs <= SSRC_SILENT_AFTER_MS) return undefined;
    this.earlierLost = this.packetsLost;
    const statistics = new ReceiveStatistics(this.clockRateHz);
    this.current = { ssrc, sourceId: nextSourceId(), statistics, lastPacketMs: nowMs };
    return this.current;
  }
}
