/** AES in Galois/counter mode, which encrypts and authenticates at once (RFC 7714). */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { rtcpKeys, rtpKeys } from './session-keys';
import type { MasterKey, SessionKeys } from './session-keys';
import type { GcmSuite } from './suites';
import type { PacketTransform, RtcpPlace, RtpPlace } from './transform';

const TAG_BYTES = 16;
const INDEX_BYTES = 4;
const ENCRYPTED = 0x8000_0000;
const NONCE_BYTES = 12;

/** The cipher alone, under session keys: nonce and additional data are made of the packet. */
export class GcmCipher {
  private readonly cipher: 'aes-128-gcm' | 'aes-256-gcm';

  constructor(private readonly keys: Pick<SessionKeys, 'encryption' | 'salt'>) {
    this.cipher = keys.encryption.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
  }

  /** Ciphertext and tag. */
  seal(plain: Buffer, of: { readonly nonce: Buffer; readonly aad: readonly Buffer[] }): Buffer {
    const cipher = createCipheriv(this.cipher, this.keys.encryption, of.nonce);
    for (const part of of.aad) cipher.setAAD(part);
    const body = cipher.update(plain);
    cipher.final();
    return Buffer.concat([body, cipher.getAuthTag()]);
  }

  /** Undefined when the tag does not fit. */
  open(sealed: Buffer, of: { readonly nonce: Buffer; readonly aad: readonly Buffer[] }): Buffer | undefined {
    const end = sealed.length - TAG_BYTES;
    const cipher = createDecipheriv(this.cipher, this.keys.encryption, of.nonce, { authTagLength: TAG_BYTES });
    for (const part of of.aad) cipher.setAAD(part);
    cipher.setAuthTag(sealed.subarray(end));
    const plain = cipher.update(sealed.subarray(0, end));
    try {
      cipher.final();
      return plain;
    } catch {
      return undefined;
    }
  }

  /** Section 8.1: 00 00 | SSRC | rollover counter | sequence number, XOR the salt. */
  rtpNonce(ssrc: number, index: number): Buffer {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32BE(ssrc, 2);
    nonce.writeUIntBE(index, 6, 6);
    return this.salted(nonce);
  }

  /** Section 9.1: 00 00 | SSRC | 00 00 | index, XOR the salt. */
  rtcpNonce(ssrc: number, index: number): Buffer {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32BE(ssrc, 2);
    nonce.writeUInt32BE(index, 8);
    return this.salted(nonce);
  }

  private salted(nonce: Buffer): Buffer {
    const { salt } = this.keys;
    for (let at = 0; at < NONCE_BYTES; at += 1) nonce.writeUInt8(nonce.readUInt8(at) ^ salt.readUInt8(at), at);
    return nonce;
  }
}

/**
 *   SRTP:   header | encrypted payload | tag                          header is authenticated as well
 *   SRTCP:  header | encrypted rest    | tag | E, index (31 bit)      header and last word are authenticated as well
 */
export class GcmTransform implements PacketTransform {
  readonly rtpOverheadBytes = TAG_BYTES;
  readonly rtcpOverheadBytes = TAG_BYTES + INDEX_BYTES;
  private readonly rtp: GcmCipher;
  private readonly rtcp: GcmCipher;

  constructor(suite: GcmSuite, master: MasterKey) {
    this.rtp = new GcmCipher(rtpKeys(suite, master));
    this.rtcp = new GcmCipher(rtcpKeys(suite, master));
  }

  sealRtp(packet: Buffer, { headerBytes, ssrc, index }: RtpPlace): Buffer {
    const header = packet.subarray(0, headerBytes);
    const nonce = this.rtp.rtpNonce(ssrc, index);
    return Buffer.concat([header, this.rtp.seal(packet.subarray(headerBytes), { nonce, aad: [header] })]);
  }

  openRtp(datagram: Buffer, { headerBytes, ssrc, index }: RtpPlace): Buffer | undefined {
    const header = datagram.subarray(0, headerBytes);
    const nonce = this.rtp.rtpNonce(ssrc, index);
    const body = this.rtp.open(datagram.subarray(headerBytes), { nonce, aad: [header] });
    return body && Buffer.concat([header, body]);
  }

  sealRtcp(packet: Buffer, { headerBytes, ssrc, index }: RtcpPlace): Buffer {
    const header = packet.subarray(0, headerBytes);
    const word = Buffer.alloc(INDEX_BYTES);
    word.writeUInt32BE((ENCRYPTED | index) >>> 0);
    const nonce = this.rtcp.rtcpNonce(ssrc, index);
    const sealed = this.rtcp.seal(packet.subarray(headerBytes), { nonce, aad: [header, word] });
    return Buffer.concat([header, sealed, word]);
  }

  rtcpIndexWord(datagram: Buffer): number {
    return datagram.readUInt32BE(datagram.length - INDEX_BYTES);
  }

  /** Reports in the clear, which section 9.3 allows, nobody sends; they are refused. */
  openRtcp(datagram: Buffer, { headerBytes, ssrc, index }: RtcpPlace): Buffer | undefined {
    if (this.rtcpIndexWord(datagram) < ENCRYPTED) return undefined;
    const header = datagram.subarray(0, headerBytes);
    const word = datagram.subarray(datagram.length - INDEX_BYTES);
    const nonce = this.rtcp.rtcpNonce(ssrc, index);
    const sealed = datagram.subarray(headerBytes, datagram.length - INDEX_BYTES);
    const body = this.rtcp.open(sealed, { nonce, aad: [header, word] });
    return body && Buffer.concat([header, body]);
  }
}
