/**
 * RTCP (RFC 3550 section 6): compound packets of sender and receiver reports, descriptions and goodbyes. Other packet
 * types (feedback, APP, XR) are checked for their length and skipped.
 */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
const REPORT_BLOCK_BYTES = 24;
const CNAME_ITEM = 1;

/** Section 6.4.1: what one receiver says of one stream. */
export interface ReportBlock {
  readonly ssrc: number;
  /** Of the packets since the last report, in 1/256. */
  readonly fractionLost: number;
  /** Signed 24 bits; duplicates make it negative. */
  readonly cumulativeLost: number;
  readonly extendedHighestSequence: number;
  /** In timestamp units. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report received; 0 for none. */
  readonly lastSenderReport: number;
  /** In 1/65536 s. */
  readonly delaySinceLastSenderReport: number;
}

export interface SenderInfo {
  readonly ntpSeconds: number;
  /** In 1/2^32 s. */
  readonly ntpFraction: number;
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
}

export type RtcpPacket =
  | {
      readonly type: 'sender-report';
      readonly ssrc: number;
      readonly sender: SenderInfo;
      readonly reports: readonly ReportBlock[];
    }
  | { readonly type: 'receiver-report'; readonly ssrc: number; readonly reports: readonly ReportBlock[] }
  | { readonly type: 'source-description'; readonly chunks: readonly { ssrc: number; cname?: string }[] }
  | { readonly type: 'goodbye'; readonly ssrcs: readonly number[] };

/** Reads a compound packet. Fails with `bad_input` when any of its packets is malformed. */
export function parseRtcp(datagram: Buffer): Result<readonly RtcpPacket[]> {
  const packets: RtcpPacket[] = [];
  for (let offset = 0; offset < datagram.length;) {
    if (datagram.length < offset + 4) return fail('bad_input', 'the RTCP packet ends inside a header');
    const first = datagram.readUInt8(offset);
    if (first >> 6 !== 2) return fail('bad_input', `RTCP version ${first >> 6} is unknown; it must be 2`);
    const end = offset + 4 + datagram.readUInt16BE(offset + 2) * 4;
    if (end > datagram.length) return fail('bad_input', 'an RTCP length exceeds the packet');
    const body = withoutPadding(datagram.subarray(offset + 4, end), (first & 0x20) !== 0);
    if (!body) return fail('bad_input', 'the RTCP padding exceeds its packet');
    const parsed = parseBody(datagram.readUInt8(offset + 1), first & 0x1f, body);
    if (!parsed.ok) return parsed;
    if (parsed.value) packets.push(parsed.value);
    offset = end;
  }
  return packets.length > 0 || datagram.length > 0 ? ok(packets) : fail('bad_input', 'the RTCP packet is empty');
}

function withoutPadding(body: Buffer, padded: boolean): Buffer | undefined {
  if (!padded) return body;
  const paddingBytes = body[body.length - 1] ?? 0;
  return paddingBytes === 0 || paddingBytes > body.length ? undefined : body.subarray(0, body.length - paddingBytes);
}

function parseBody(packetType: number, count: number, body: Buffer): Result<RtcpPacket | undefined> {
  switch (packetType) {
    case SENDER_REPORT:
      return parseReport(body, count, 24);
    case RECEIVER_REPORT:
      return parseReport(body, count, 4);
    case SOURCE_DESCRIPTION:
      return parseSourceDescription(body, count);
    case GOODBYE:
      if (body.length < count * 4) return fail('bad_input', 'the RTCP BYE ends inside its sources');
      return ok({ type: 'goodbye', ssrcs: Array.from({ length: count }, (_, index) => body.readUInt32BE(index * 4)) });
    default:
      return ok(undefined);
  }
}

function parseReport(body: Buffer, count: number, blocksStart: 4 | 24): Result<RtcpPacket> {
  if (body.length < blocksStart + count * REPORT_BLOCK_BYTES)
    return fail('bad_input', `the RTCP report ends inside its ${count} blocks`);
  const ssrc = body.readUInt32BE(0);
  const reports = Array.from({ length: count }, (_, index) =>
    parseBlock(body.subarray(blocksStart + index * REPORT_BLOCK_BYTES)),
  );
  if (blocksStart === 4) return ok({ type: 'receiver-report', ssrc, reports });
  const sender: SenderInfo = {
    ntpSeconds: body.readUInt32BE(4),
    ntpFraction: body.readUInt32BE(8),
    rtpTimestamp: body.readUInt32BE(12),
    packetCount: body.readUInt32BE(16),
    octetCount: body.readUInt32BE(20),
  };
  return ok({ type: 'sender-report', ssrc, sender, reports });
}

const parseBlock = (block: Buffer): ReportBlock => ({
  ssrc: block.readUInt32BE(0),
  fractionLost: block.readUInt8(4),
  cumulativeLost: block.readIntBE(5, 3),
  extendedHighestSequence: block.readUInt32BE(8),
  jitter: block.readUInt32BE(12),
  lastSenderReport: block.readUInt32BE(16),
  delaySinceLastSenderReport: block.readUInt32BE(20),
});

/** Section 6.5: chunks of items, each chunk ended by a zero and filled up to a whole word. */
function parseSourceDescription(body: Buffer, count: number): Result<RtcpPacket> {
  const chunks: { ssrc: number; cname?: string }[] = [];
  let offset = 0;
  for (let chunk = 0; chunk < count; chunk += 1) {
    if (body.length < offset + 4) return fail('bad_input', 'the RTCP SDES ends inside a chunk');
    const ssrc = body.readUInt32BE(offset);
    offset += 4;
    let cname: string | undefined;
    while (offset < body.length && body[offset] !== 0) {
      const lengthBytes = body[offset + 1];
      if (lengthBytes === undefined || offset + 2 + lengthBytes > body.length)
        return fail('bad_input', 'the RTCP SDES ends inside an item');
      if (body[offset] === CNAME_ITEM && lengthBytes > 0)
        cname = body.toString('utf8', offset + 2, offset + 2 + lengthBytes);
      offset += 2 + lengthBytes;
    }
    if (offset >= body.length) return fail('bad_input', 'an RTCP SDES chunk has no end');
    offset = (offset + 4) & ~3;
    chunks.push(cname === undefined ? { ssrc } : { ssrc, cname });
  }
  return ok({ type: 'source-description', chunks });
}

/** Writes a compound packet into a new buffer. */
export const serializeRtcp = (packets: readonly RtcpPacket[]): Buffer => Buffer.concat(packets.map(serializeOne));

function serializeOne(packet: RtcpPacket): Buffer {
  switch (packet.type) {
    case 'sender-report':
      return withHeader(SENDER_REPORT, packet.reports.length, [
        words(packet.ssrc, packet.sender.ntpSeconds, packet.sender.ntpFraction),
        words(packet.sender.rtpTimestamp, packet.sender.packetCount, packet.sender.octetCount),
        ...packet.reports.map(serializeBlock),
      ]);
    case 'receiver-report':
      return withHeader(RECEIVER_REPORT, packet.reports.length, [
        words(packet.ssrc),
        ...packet.reports.map(serializeBlock),
      ]);
    case 'source-description':
      return withHeader(SOURCE_DESCRIPTION, packet.chunks.length, packet.chunks.map(serializeChunk));
    case 'goodbye':
      return withHeader(GOODBYE, packet.ssrcs.length, [words(...packet.ssrcs)]);
  }
}

function withHeader(packetType: number, count: number, parts: readonly Buffer[]): Buffer {
  if (count > 31) throw new RangeError('an RTCP packet counts at most 31 parts');
  const body = Buffer.concat(parts);
  const header = Buffer.from([0x80 | count, packetType, 0, 0]);
  header.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([header, body]);
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32BE(value >>> 0, index * 4));
  return buffer;
}

function serializeBlock(block: ReportBlock): Buffer {
  const buffer = words(
    block.ssrc,
    0,
    block.extendedHighestSequence,
    block.jitter,
    block.lastSenderReport,
    block.delaySinceLastSenderReport,
  );
  buffer.writeUInt8(block.fractionLost, 4);
  buffer.writeIntBE(Math.max(-0x80_0000, Math.min(0x7f_ffff, block.cumulativeLost)), 5, 3);
  return buffer;
}

function serializeChunk(chunk: { ssrc: number; cname?: string }): Buffer {
  const cname = Buffer.from(chunk.cname ?? '', 'utf8').subarray(0, 255);
  const items = cname.length > 0 ? Buffer.concat([Buffer.from([CNAME_ITEM, cname.length]), cname]) : cname;
  // At least one zero ends the chunk, and then as many as fill the word.
  return Buffer.concat([words(chunk.ssrc), items, Buffer.alloc(4 - (items.length % 4))]);
}
