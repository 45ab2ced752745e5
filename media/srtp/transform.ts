/** What turns plain packets into secured ones and back; which packet comes when is the context's business. */

export interface RtpPlace {
  /** How many bytes at the beginning stay in the clear. */
  readonly headerBytes: number;
  readonly ssrc: number;
  /** Of 48 bits: rollover counter and sequence number. */
  readonly index: number;
}

export interface RtcpPlace {
  readonly headerBytes: number;
  readonly ssrc: number;
  /** Of 31 bits. */
  readonly index: number;
}

export interface PacketTransform {
  /** By how much a secured packet is longer than a plain one. */
  readonly rtpOverheadBytes: number;
  readonly rtcpOverheadBytes: number;
  sealRtp(packet: Buffer, place: RtpPlace): Buffer;
  /** Undefined when the packet is not genuine. The datagram has the header and the overhead at least. */
  openRtp(datagram: Buffer, place: RtpPlace): Buffer | undefined;
  sealRtcp(packet: Buffer, place: RtcpPlace): Buffer;
  /** The word with the E bit and the index, of a datagram that has the header and the overhead at least. */
  rtcpIndexWord(datagram: Buffer): number;
  openRtcp(datagram: Buffer, place: RtcpPlace): Buffer | undefined;
}
