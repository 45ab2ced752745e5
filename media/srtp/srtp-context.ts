/** One direction of a secured stream (RFC 3711): which packet is which, what was there before; packets in, packets out. */
import { CounterTransform } from './counter-transform';
import { GcmTransform } from './gcm-transform';
import { nearestIndex, ReplayWindow, SEQUENCE_RANGE } from './packet-index';
import type { MasterKey } from './session-keys';
import type { SrtpSuite } from './suites';
import type { PacketTransform } from './transform';

const RTCP_HEADER_BYTES = 8;
const RTP_HEADER_BYTES = 12;
const INDEX_MASK = 0x7fff_ffff;
/** Sources of one peer; a peer changes its source with a transfer, and not more often than somebody talks. */
const MAX_SOURCES = 16;

interface Source {
  readonly rtp: ReplayWindow;
  readonly rtcp: ReplayWindow;
  /** Of the SRTCP packet sent last. */
  rtcpIndex: number;
}

export class SrtpContext {
  private readonly sources = new Map<number, Source>();
  private readonly transform: PacketTransform;

  /**
   * @param missedRollovers of the peer's sequence numbers, at most: who comes into a stream that runs already, under a key
   *   that stays, is not told how often they have begun anew (RFC 3711, 3.3.1), and finds out by what proves genuine.
   */
  constructor(
    suite: SrtpSuite,
    master: MasterKey,
    private missedRollovers = 0,
  ) {
    this.transform = suite.kind === 'gcm' ? new GcmTransform(suite, master) : new CounterTransform(suite, master);
  }

  /** Secures an RTP packet of ours. */
  protectRtp(packet: Buffer): Buffer {
    const ssrc = packet.readUInt32BE(8);
    const { rtp } = this.sourceOf(ssrc);
    const index = nearestIndex(packet.readUInt16BE(2), rtp.highest);
    rtp.add(index);
    return this.transform.sealRtp(packet, { headerBytes: headerBytesOf(packet) ?? packet.length, ssrc, index });
  }

  /** The RTP packet of the peer; undefined for what is forged, repeated, too old or no packet. */
  openRtp(datagram: Buffer): Buffer | undefined {
    const end = datagram.length - this.transform.rtpOverheadBytes;
    if (end < RTP_HEADER_BYTES) return undefined;
    const headerBytes = headerBytesOf(datagram.subarray(0, end));
    if (headerBytes === undefined) return undefined;
    const ssrc = datagram.readUInt32BE(8);
    const known = this.sources.get(ssrc);
    if (!known && this.missedRollovers > 0) return this.openFirst(datagram, { headerBytes, ssrc });
    const index = nearestIndex(datagram.readUInt16BE(2), known?.rtp.highest);
    if (known && !known.rtp.admits(index)) return undefined;
    const plain = this.transform.openRtp(datagram, { headerBytes, ssrc, index });
    if (plain) this.sourceOf(ssrc).rtp.add(index);
    return plain;
  }

  private openFirst(datagram: Buffer, at: { readonly headerBytes: number; readonly ssrc: number }): Buffer | undefined {
    const sequenceNumber = datagram.readUInt16BE(2);
    for (let rollovers = 0; rollovers <= this.missedRollovers; rollovers += 1) {
      const index = rollovers * SEQUENCE_RANGE + sequenceNumber;
      const plain = this.transform.openRtp(datagram, { ...at, index });
      if (!plain) continue;
      // A source that comes later begins with none.
      this.missedRollovers = 0;
      this.sourceOf(at.ssrc).rtp.add(index);
      return plain;
    }
    return undefined;
  }

  /** Secures a compound RTCP packet of ours. */
  protectRtcp(packet: Buffer): Buffer {
    const ssrc = packet.readUInt32BE(4);
    const source = this.sourceOf(ssrc);
    source.rtcpIndex = (source.rtcpIndex + 1) & INDEX_MASK;
    return this.transform.sealRtcp(packet, { headerBytes: RTCP_HEADER_BYTES, ssrc, index: source.rtcpIndex });
  }

  /** The compound RTCP packet of the peer; undefined for what is forged, repeated, too old or no packet. */
  openRtcp(datagram: Buffer): Buffer | undefined {
    if (datagram.length < RTCP_HEADER_BYTES + this.transform.rtcpOverheadBytes) return undefined;
    const ssrc = datagram.readUInt32BE(4);
    const index = this.transform.rtcpIndexWord(datagram) & INDEX_MASK;
    const plain = this.transform.openRtcp(datagram, { headerBytes: RTCP_HEADER_BYTES, ssrc, index });
    if (!plain) return undefined;
    const { rtcp } = this.sourceOf(ssrc);
    if (!rtcp.admits(index)) return undefined;
    rtcp.add(index);
    return plain;
  }

  private sourceOf(ssrc: number): Source {
    let source = this.sources.get(ssrc);
    if (!source) {
      const oldest = this.sources.keys().next();
      if (this.sources.size >= MAX_SOURCES && !oldest.done) this.sources.delete(oldest.value);
      source = { rtp: new ReplayWindow(), rtcp: new ReplayWindow(), rtcpIndex: 0 };
      this.sources.set(ssrc, source);
    }
    return source;
  }
}

/** RTP's header with its CSRCs and extension stays in the clear; undefined when it does not fit. */
const headerBytesOf = (packet: Buffer): number | undefined => {
  if (packet.length < RTP_HEADER_BYTES) return undefined;
  const first = packet.readUInt8(0);
  const csrcEnd = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) === 0) return csrcEnd <= packet.length ? csrcEnd : undefined;
  if (csrcEnd + 4 > packet.length) return undefined;
  const end = csrcEnd + 4 + 4 * packet.readUInt16BE(csrcEnd + 2);
  return end <= packet.length ? end : undefined;
};
