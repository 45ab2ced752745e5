/**
 * RTP packets (RFC 3550 section 5.1).
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                synchronization source (SSRC)                  |
 * |             contributing sources (CSRC), CC of them           |
 * |  if X: profile                |  length in 32-bit words       |
 * |                       header extension                        |
 * |                           payload                             |
 * |                       if P: padding, its last byte = its size |
 */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';

export interface RtpHeaderExtension {
  /** The 16 bits "defined by profile": 0xBEDE for RFC 8285's one-byte elements. */
  readonly profile: number;
  /** A multiple of four bytes. */
  readonly data: Buffer;
}

export interface RtpPacket {
  readonly marker: boolean;
  /** 0 to 127. */
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** At most 15. */
  readonly csrcs: readonly number[];
  readonly extension?: RtpHeaderExtension;
  /** Without the padding. */
  readonly payload: Buffer;
  /** Size of the padding to write, including its count byte; 0 for none, at most 255. */
  readonly paddingBytes: number;
}

const FIXED_HEADER_BYTES = 12;
const VERSION = 2;

/**
 * Reads one datagram. The payload and the extension's data are views of it, not copies.
 * Fails with `bad_input` for anything that is no well-formed RTP packet.
 */
export function parseRtp(datagram: Buffer): Result<RtpPacket> {
  if (datagram.length < FIXED_HEADER_BYTES)
    return fail('bad_input', `an RTP packet has at least 12 bytes, not ${datagram.length}`);
  const first = datagram.readUInt8(0);
  if (first >> 6 !== VERSION) return fail('bad_input', `RTP version ${first >> 6} is unknown; it must be 2`);
  const csrcCount = first & 0x0f;
  const csrcEnd = FIXED_HEADER_BYTES + csrcCount * 4;
  if (datagram.length < csrcEnd) return fail('bad_input', `the RTP packet ends inside its ${csrcCount} CSRCs`);
  const extension = parseExtension(datagram, csrcEnd, (first & 0x10) !== 0);
  if (!extension.ok) return extension;
  const { payloadStart, value } = extension.value;
  const paddingBytes = (first & 0x20) !== 0 ? (datagram[datagram.length - 1] ?? 0) : 0;
  // "The last octet of the padding contains a count of how many padding octets should be ignored, including itself."
  if ((first & 0x20) !== 0 && paddingBytes === 0) return fail('bad_input', 'the RTP padding has the size 0');
  const payloadEnd = datagram.length - paddingBytes;
  if (payloadEnd < payloadStart)
    return fail('bad_input', `the RTP padding of ${paddingBytes} bytes exceeds the packet`);
  const second = datagram.readUInt8(1);
  // Packets without CSRCs and extension, nearly all, are objects of one shape.
  const packet: RtpPacket = {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    csrcs: csrcCount === 0 ? NO_CSRCS : readCsrcs(datagram, csrcCount),
    payload: datagram.subarray(payloadStart, payloadEnd),
    paddingBytes,
  };
  return ok(value ? { ...packet, extension: value } : packet);
}

const NO_CSRCS: readonly number[] = [];

const readCsrcs = (datagram: Buffer, count: number): number[] =>
  Array.from({ length: count }, (_, index) => datagram.readUInt32BE(FIXED_HEADER_BYTES + index * 4));

interface ParsedExtension {
  readonly payloadStart: number;
  readonly value?: RtpHeaderExtension;
}

function parseExtension(datagram: Buffer, start: number, present: boolean): Result<ParsedExtension> {
  if (!present) return ok({ payloadStart: start });
  if (datagram.length < start + 4) return fail('bad_input', 'the RTP packet ends inside its header extension');
  const dataStart = start + 4;
  const payloadStart = dataStart + datagram.readUInt16BE(start + 2) * 4;
  if (datagram.length < payloadStart) return fail('bad_input', 'the RTP header extension is longer than the packet');
  const value = { profile: datagram.readUInt16BE(start), data: datagram.subarray(dataStart, payloadStart) };
  return ok({ payloadStart, value });
}

/** What {@link serializeRtp} needs; the rest defaults to absent. */
export type RtpPacketToSend = Omit<RtpPacket, 'csrcs' | 'paddingBytes'> &
  Partial<Pick<RtpPacket, 'csrcs' | 'paddingBytes'>>;

/** Writes a packet into a new buffer. Throws a RangeError for fields that do not fit, which is a bug of the caller. */
export function serializeRtp(packet: RtpPacketToSend): Buffer {
  const { csrcs = NO_CSRCS, extension, payload, paddingBytes = 0 } = packet;
  if (csrcs.length > 15) throw new RangeError('an RTP packet has at most 15 CSRCs');
  if (extension && extension.data.length % 4 !== 0) throw new RangeError('an RTP header extension is whole words');
  const extensionStart = FIXED_HEADER_BYTES + csrcs.length * 4;
  const payloadStart = extensionStart + (extension ? 4 + extension.data.length : 0);
  // Out of Node's pool, which spares the garbage collector; every byte of it is written.
  const datagram = Buffer.allocUnsafe(payloadStart + payload.length + paddingBytes);
  datagram.writeUInt8((VERSION << 6) | (paddingBytes > 0 ? 0x20 : 0) | (extension ? 0x10 : 0) | csrcs.length, 0);
  datagram.writeUInt8((packet.marker ? 0x80 : 0) | (packet.payloadType & 0x7f), 1);
  datagram.writeUInt16BE(packet.sequenceNumber, 2);
  datagram.writeUInt32BE(packet.timestamp, 4);
  datagram.writeUInt32BE(packet.ssrc, 8);
  for (let index = 0; index < csrcs.length; index += 1)
    datagram.writeUInt32BE(csrcs[index] ?? 0, FIXED_HEADER_BYTES + index * 4);
  if (extension) {
    datagram.writeUInt16BE(extension.profile, extensionStart);
    datagram.writeUInt16BE(extension.data.length / 4, extensionStart + 2);
    extension.data.copy(datagram, extensionStart + 4);
  }
  payload.copy(datagram, payloadStart);
  if (paddingBytes > 0) datagram.fill(0, datagram.length - paddingBytes).writeUInt8(paddingBytes, datagram.length - 1);
  return datagram;
}

/**
 * Tells RTCP from RTP when both share one port (RFC 5761 section 4): RTCP packet types 192 to 223 fill the byte that in
 * RTP holds the marker and the payload type.
 */
export function looksLikeRtcp(datagram: Buffer): boolean {
  const second = datagram[1];
  return second !== undefined && second >= 192 && second <= 223;
}
