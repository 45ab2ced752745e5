/** The reports that go with a stream: sent every five seconds or so, and read for the round-trip time (RFC 3550, 6). */
import type { Clock, Timer } from '../../../base/clock';
import type { LossReport } from '../../rtp/receive-statistics';
import { parseRtcp, serializeRtcp } from '../../rtp/rtcp';
import type { ReportBlock, RtcpPacket, SenderInfo } from '../../rtp/rtcp';

const REPORT_INTERVAL_MS = 5000;
/** Seconds between 1900, where NTP counts from, and 1970. */
const NTP_OFFSET_S = 2_208_988_800;

export interface OutgoingCounters {
  readonly packetCount: number;
  readonly octetCount: number;
  readonly rtpTimestamp: number;
}

export interface RtcpSessionOptions {
  readonly clock: Clock;
  readonly ssrc: number;
  readonly cname: string;
  readonly outgoing: () => OutgoingCounters;
  readonly incoming: () => (LossReport & { readonly ssrc: number; readonly jitter: number }) | undefined;
  readonly send: (datagram: Buffer) => void;
}

export class RtcpSession {
  private timer: Timer | undefined;
  private roundTrip: number | undefined;
  private reported: Pick<ReportBlock, 'cumulativeLost' | 'jitter'> | undefined;
  private packetsAtLastReport = 0;
  private lastSenderReport: { readonly middleNtp: number; readonly arrivalMs: number } | undefined;

  constructor(private readonly options: RtcpSessionOptions) {}

  /** Measured with the peer's newest report. */
  get roundTripMs(): number | undefined {
    return this.roundTrip;
  }

  /** What the peer said last of how our packets arrive; the jitter is in timestamp units. */
  get peerReport(): Pick<ReportBlock, 'cumulativeLost' | 'jitter'> | undefined {
    return this.reported;
  }

  /** Begins to report. Idempotent. */
  start(): void {
    this.timer ??= this.next();
  }

  /** Reads the peer's reports; malformed ones are ignored and return false. */
  receive(datagram: Buffer): boolean {
    const parsed = parseRtcp(datagram);
    if (!parsed.ok) return false;
    for (const packet of parsed.value) this.read(packet);
    return true;
  }

  /** Says goodbye and reports no more. Idempotent. */
  close(): void {
    if (!this.timer) return;
    this.timer.cancel();
    this.timer = undefined;
    this.options.send(serializeRtcp([...this.report(), { type: 'goodbye', ssrcs: [this.options.ssrc] }]));
  }

  private next(): Timer {
    // Section 6.2: the interval varies over [0.5, 1.5] of itself, so that many sessions do not report in step.
    return this.options.clock.after(REPORT_INTERVAL_MS * (0.5 + Math.random()), () => {
      this.options.send(serializeRtcp(this.report()));
      this.timer = this.next();
    });
  }

  private report(): RtcpPacket[] {
    const { ssrc, cname, outgoing } = this.options;
    const { packetCount, octetCount, rtpTimestamp } = outgoing();
    const reports = this.blocks();
    const description: RtcpPacket = { type: 'source-description', chunks: [{ ssrc, cname }] };
    // Section 6.4: a sender report when something was sent since the last one, else a receiver report.
    const sent = packetCount > this.packetsAtLastReport;
    this.packetsAtLastReport = packetCount;
    if (!sent) return [{ type: 'receiver-report', ssrc, reports }, description];
    const sender: SenderInfo = { ...this.ntpNow(), rtpTimestamp, packetCount, octetCount };
    return [{ type: 'sender-report', ssrc, sender, reports }, description];
  }

  private blocks(): ReportBlock[] {
    const incoming = this.options.incoming();
    if (!incoming) return [];
    const last = this.lastSenderReport;
    const delayMs = last ? this.options.clock.monotonicMs() - last.arrivalMs : 0;
    return [
      {
        ...incoming,
        lastSenderReport: last?.middleNtp ?? 0,
        delaySinceLastSenderReport: Math.round((delayMs * 65_536) / 1000),
      },
    ];
  }

  private read(packet: RtcpPacket): void {
    if (packet.type === 'sender-report') {
      const { ntpSeconds, ntpFraction } = packet.sender;
      this.lastSenderReport = {
        middleNtp: middle(ntpSeconds, ntpFraction),
        arrivalMs: this.options.clock.monotonicMs(),
      };
    }
    if (packet.type === 'sender-report' || packet.type === 'receiver-report')
      for (const block of packet.reports) this.readBlock(block);
  }

  private readBlock(block: ReportBlock): void {
    if (block.ssrc !== this.options.ssrc) return;
    this.reported = { cumulativeLost: block.cumulativeLost, jitter: block.jitter };
    this.measureRoundTrip(block);
  }

  /** Section 6.4.1: the time now, less that of our report, less what the peer held it for. */
  private measureRoundTrip(block: ReportBlock): void {
    if (block.lastSenderReport === 0) return;
    const { ntpSeconds, ntpFraction } = this.ntpNow();
    const units = (middle(ntpSeconds, ntpFraction) - block.lastSenderReport - block.delaySinceLastSenderReport) | 0;
    // Clocks differ by a fraction of a unit: a small negative value is zero, a larger one nonsense.
    if (units > -65) this.roundTrip = (Math.max(0, units) * 1000) / 65_536;
  }

  private ntpNow(): Pick<SenderInfo, 'ntpSeconds' | 'ntpFraction'> {
    const nowMs = this.options.clock.nowMs();
    return {
      ntpSeconds: (Math.floor(nowMs / 1000) + NTP_OFFSET_S) >>> 0,
      ntpFraction: Math.floor(((nowMs % 1000) / 1000) * 0x1_0000_0000) >>> 0,
    };
  }
}

const middle = (ntpSeconds: number, ntpFraction: number): number =>
  (((ntpSeconds & 0xffff) << 16) | (ntpFraction >>> 16)) >>> 0;
