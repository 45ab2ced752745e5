/** AES in counter mode, authenticated by HMAC-SHA1 (RFC 3711, 4.1.1 and 4.2.1). */
import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { rtcpKeys, rtpKeys } from './session-keys';
import type { MasterKey, SessionKeys } from './session-keys';
import type { CounterSuite } from './suites';
import type { PacketTransform, RtcpPlace, RtpPlace } from './transform';

const SEQUENCE_RANGE = 0x1_0000;
const RTCP_TAG_BYTES = 10;
const INDEX_BYTES = 4;
const ENCRYPTED = 0x8000_0000;

/**
 *   SRTP:   header | encrypted payload                 | tag          tag over all before it and the rollover counter
 *   SRTCP:  header | encrypted rest | E, index (31 bit) | tag         tag over all before it
 */
export class CounterTransform implements PacketTransform {
  readonly rtpOverheadBytes: number;
  readonly rtcpOverheadBytes = INDEX_BYTES + RTCP_TAG_BYTES;
  private readonly cipher: string;
  private readonly rtp: SessionKeys;
  private readonly rtcp: SessionKeys;

  constructor(
    private readonly suite: CounterSuite,
    master: MasterKey,
  ) {
    this.rtpOverheadBytes = suite.tagBytes;
    this.cipher = `aes-${suite.keyBytes * 8}-ctr`;
    this.rtp = rtpKeys(suite, master);
    this.rtcp = rtcpKeys(suite, master);
  }

  sealRtp(packet: Buffer, { headerBytes, ssrc, index }: RtpPlace): Buffer {
    const body = this.crypt(packet.subarray(headerBytes), { keys: this.rtp, ssrc, index });
    const secured = Buffer.concat([packet.subarray(0, headerBytes), body]);
    return Buffer.concat([secured, this.rtpTag(secured, index)]);
  }

  openRtp(datagram: Buffer, { headerBytes, ssrc, index }: RtpPlace): Buffer | undefined {
    const end = datagram.length - this.suite.tagBytes;
    const secured = datagram.subarray(0, end);
    if (!timingSafeEqual(this.rtpTag(secured, index), datagram.subarray(end))) return undefined;
    const body = this.crypt(secured.subarray(headerBytes), { keys: this.rtp, ssrc, index });
    return Buffer.concat([secured.subarray(0, headerBytes), body]);
  }

  sealRtcp(packet: Buffer, { headerBytes, ssrc, index }: RtcpPlace): Buffer {
    const body = this.crypt(packet.subarray(headerBytes), { keys: this.rtcp, ssrc, index });
    const trailer = Buffer.alloc(INDEX_BYTES);
    trailer.writeUInt32BE((ENCRYPTED | index) >>> 0);
    const secured = Buffer.concat([packet.subarray(0, headerBytes), body, trailer]);
    return Buffer.concat([secured, this.tag(this.rtcp, [secured], RTCP_TAG_BYTES)]);
  }

  rtcpIndexWord(datagram: Buffer): number {
    return datagram.readUInt32BE(datagram.length - RTCP_TAG_BYTES - INDEX_BYTES);
  }

  openRtcp(datagram: Buffer, { headerBytes, ssrc, index }: RtcpPlace): Buffer | undefined {
    const end = datagram.length - RTCP_TAG_BYTES;
    const secured = datagram.subarray(0, end);
    if (!timingSafeEqual(this.tag(this.rtcp, [secured], RTCP_TAG_BYTES), datagram.subarray(end))) return undefined;
    const body = secured.subarray(headerBytes, end - INDEX_BYTES);
    const isEncrypted = this.rtcpIndexWord(datagram) >= ENCRYPTED;
    const clear = isEncrypted ? this.crypt(body, { keys: this.rtcp, ssrc, index }) : body;
    return Buffer.concat([secured.subarray(0, headerBytes), clear]);
  }

  /** Section 4.1.1: the keystream begins at (salt · 2^16) XOR (SSRC · 2^64) XOR (index · 2^16). */
  private crypt(data: Buffer, of: { keys: SessionKeys; ssrc: number; index: number }): Buffer {
    const { keys, ssrc, index } = of;
    const iv = Buffer.alloc(16);
    keys.salt.copy(iv);
    iv.writeUInt32BE((iv.readUInt32BE(4) ^ ssrc) >>> 0, 4);
    iv.writeUIntBE(xor48(iv.readUIntBE(8, 6), index), 8, 6);
    return createCipheriv(this.cipher, keys.encryption, iv).update(data);
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
