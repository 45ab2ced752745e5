/**
 * One direction of a secured stream (RFC 3711): packets in, packets out. AES in counter mode, HMAC-SHA1.
 *
 *   SRTP:   header | encrypted payload                 | tag          tag over all before it and the rollover counter
 *   SRTCP:  8 bytes | encrypted rest | E, index (31 bit) | tag        tag over all before it
 */
import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { nearestIndex, ReplayWindow } from './packet-index';
import { rtcpKeys, rtpKeys } from './session-keys';
import type { MasterKey, SessionKeys } from './session-keys';
import type { SrtpSuite } from './suites';

const SEQUENCE_RANGE = 0x1_0000;
const RTCP_TAG_BYTES = 10;
const RTCP_HEADER_BYTES = 8;
const RTP_HEADER_BYTES = 12;
const ENCRYPTED = 0x8000_0000;
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
  private readonly rtp: SessionKeys;
  private readonly rtcp: SessionKeys;

  constructor(
    private readonly suite: SrtpSuite,
    master: MasterKey,
  ) {
    this.rtp = rtpKeys(suite, master);
    this.rtcp = rtcpKeys(suite, master);
  }

  /** Secures an RTP packet of ours. */
  protectRtp(packet: Buffer): Buffer {
    const ssrc = packet.readUInt32BE(8);
    const { rtp } = this.sourceOf(ssrc);
    const index = nearestIndex(packet.readUInt16BE(2), rtp.highest);
    rtp.add(index);
    const start = headerBytes(packet) ?? packet.length;
    const body = this.crypt(packet.subarray(start), { keys: this.rtp, ssrc, index });
    const secured = Buffer.concat([packet.subarray(0, start), body]);
    return Buffer.concat([secured, this.rtpTag(secured, index)]);
  }

  /** The RTP packet of the peer; undefined for what is forged, repeated, too old or no packet. */
  openRtp(datagram: Buffer): Buffer | undefined {
    const end = datagram.length - this.suite.tagBytes;
    if (end < RTP_HEADER_BYTES) return undefined;
    const start = headerBytes(datagram.subarray(0, end));
    if (start === undefined) return undefined;
    const ssrc = datagram.readUInt32BE(8);
    const known = this.sources.get(ssrc);
    const index = nearestIndex(datagram.readUInt16BE(2), known?.rtp.highest);
    if (known && !known.rtp.admits(index)) return undefined;
    const secured = datagram.subarray(0, end);
    if (!timingSafeEqual(this.rtpTag(secured, index), datagram.subarray(end))) return undefined;
    this.sourceOf(ssrc).rtp.add(index);
    const body = this.crypt(secured.subarray(start), { keys: this.rtp, ssrc, index });
    return Buffer.concat([secured.subarray(0, start), body]);
  }

  /** Secures a compound RTCP packet of ours. */
  protectRtcp(packet: Buffer): Buffer {
    const ssrc = packet.readUInt32BE(4);
    const source = this.sourceOf(ssrc);
    source.rtcpIndex = (source.rtcpIndex + 1) & INDEX_MASK;
    const index = source.rtcpIndex;
    const body = this.crypt(packet.subarray(RTCP_HEADER_BYTES), { keys: this.rtcp, ssrc, index });
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32BE((ENCRYPTED | index) >>> 0);
    const secured = Buffer.concat([packet.subarray(0, RTCP_HEADER_BYTES), body, trailer]);
    return Buffer.concat([secured, this.tag(this.rtcp, [secured], RTCP_TAG_BYTES)]);
  }

  /** The compound RTCP packet of the peer; undefined for what is forged, repeated, too old or no packet. */
  openRtcp(datagram: Buffer): Buffer | undefined {
    const end = datagram.length - RTCP_TAG_BYTES;
    if (end < RTCP_HEADER_BYTES + 4) return undefined;
    const secured = datagram.subarray(0, end);
    if (!timingSafeEqual(this.tag(this.rtcp, [secured], RTCP_TAG_BYTES), datagram.subarray(end))) return undefined;
    const trailer = datagram.readUInt32BE(end - 4);
    const index = trailer & INDEX_MASK;
    const ssrc = datagram.readUInt32BE(4);
    const { rtcp } = this.sourceOf(ssrc);
    if (!rtcp.admits(index)) return undefined;
    rtcp.add(index);
    const body = secured.subarray(RTCP_HEADER_BYTES, end - 4);
    const clear = trailer >= ENCRYPTED ? this.crypt(body, { keys: this.rtcp, ssrc, index }) : body;
    return Buffer.concat([secured.subarray(0, RTCP_HEADER_BYTES), clear]);
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

  /** Section 4.1.1: the keystream begins at (salt · 2^16) XOR (SSRC · 2^64) XOR (index · 2^16). */
  private crypt(data: Buffer, of: { keys: SessionKeys; ssrc: number; index: number }): Buffer {
    const { keys, ssrc, index } = of;
    const iv = Buffer.alloc(16);
    keys.salt.copy(iv);
    iv.writeUInt32BE((iv.readUInt32BE(4) ^ ssrc) >>> 0, 4);
    iv.writeUIntBE(xor48(iv.readUIntBE(8, 6), index), 8, 6);
    return createCipheriv(this.suite.cipher, keys.encryption, iv).update(data);
  }

  private rtpTag(secured: Buffer, index: number): Buffer {
    const rollovers = Buffer.alloc(4);
    rollovers.writeUInt32BE(Math.floor(index / SEQUENCE_RANGE) >>> 0);
    return this.tag(this.rtp, [secured, rollovers], this.suite.tagBytes);
  }

  private tag(keys: SessionKeys, parts: readonly Buffer[], bytes: number): Buffer {
    const hmac = createHmac('sha1', keys.authentication);
    for (const part of parts) hmac.update(part);
    return hmac.digest().subarray(0, bytes);
  }
}

/** JavaScript's bit operators know 32 bits only. */
const xor48 = (a: number, b: number): number => {
  const HIGH = 0x1_0000_0000;
  const high = Math.floor(a / HIGH) ^ Math.floor(b / HIGH);
  return (high >>> 0) * HIGH + ((a ^ b) >>> 0);
};

/** RTP's header with its CSRCs and extension stays in the clear; undefined when it does not fit. */
const headerBytes = (packet: Buffer): number | undefined => {
  if (packet.length < RTP_HEADER_BYTES) return undefined;
  const first = packet.readUInt8(0);
  const csrcEnd = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) === 0) return csrcEnd <= packet.length ? csrcEnd : undefined;
  if (csrcEnd + 4 > packet.length) return undefined;
  const end = csrcEnd + 4 + 4 * packet.readUInt16BE(csrcEnd + 2);
  return end <= packet.length ? end : undefined;
};
