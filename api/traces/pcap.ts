/**
 * A capture file of SIP messages, as tcpdump writes one, for the tools that read such files.
 *
 * ```
 * file   = magic(4) version 2.4(4) 0(8) snapshot length(4) link type 101 = raw IP(4) *packet
 * packet = seconds(4) microseconds(4) captured(4) original(4) IP header, UDP header, message
 * ```
 *
 * Every message stands in a UDP datagram of its own, also what came by TCP, TLS or WebSocket: the tools need no
 * connection's whole story to decode it, and no key. Numbers of the file are little-endian, those of IP big-endian.
 */
import { isIPv6 } from 'node:net';
import type { TracedMessageView } from '../contract/trace';

const LINK_TYPE_RAW_IP = 101;
const MAX_PACKET_BYTES = 65_535;
const UDP_HEADER_BYTES = 8;
const UDP = 17;

export const pcapOf = (messages: readonly TracedMessageView[]): Buffer => {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(MAX_PACKET_BYTES, 16);
  head.writeUInt32LE(LINK_TYPE_RAW_IP, 20);
  return Buffer.concat([head, ...messages.map(packetOf)]);
};

const packetOf = (message: TracedMessageView): Buffer => {
  const { atMs, direction, local, remote, text } = message;
  const [from, to] = direction === 'in' ? [remote, local] : [local, remote];
  const isV6 = isIPv6(from.address) || isIPv6(to.address);
  const ipHeaderBytes = isV6 ? 40 : 20;
  const payload = Buffer.from(text).subarray(0, MAX_PACKET_BYTES - ipHeaderBytes - UDP_HEADER_BYTES);
  const ends = { from: addressBytes(from.address, isV6), to: addressBytes(to.address, isV6) };
  const udp = Buffer.alloc(UDP_HEADER_BYTES);
  udp.writeUInt16BE(from.port, 0);
  udp.writeUInt16BE(to.port, 2);
  udp.writeUInt16BE(UDP_HEADER_BYTES + payload.length, 4);
  const pseudo = Buffer.alloc(4);
  pseudo.writeUInt16BE(UDP, 0);
  pseudo.writeUInt16BE(UDP_HEADER_BYTES + payload.length, 2);
  // Zero would say that there is no checksum, which IPv6 does not allow.
  udp.writeUInt16BE(checksumOf([ends.from, ends.to, pseudo, udp, payload]) || 0xffff, 6);
  const packet = Buffer.concat([isV6 ? ipv6Header(ends, udp, payload) : ipv4Header(ends, payload), udp, payload]);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(Math.floor(atMs / 1_000), 0);
  record.writeUInt32LE(Math.floor((atMs % 1_000) * 1_000), 4);
  record.writeUInt32LE(packet.length, 8);
  record.writeUInt32LE(packet.length, 12);
  return Buffer.concat([record, packet]);
};

interface Ends {
  readonly from: Buffer;
  readonly to: Buffer;
}

const ipv4Header = ({ from, to }: Ends, payload: Buffer): Buffer => {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(header.length + UDP_HEADER_BYTES + payload.length, 2);
  header[8] = 64;
  header[9] = UDP;
  from.copy(header, 12);
  to.copy(header, 16);
  header.writeUInt16BE(checksumOf([header]), 10);
  return header;
};

const ipv6Header = ({ from, to }: Ends, udp: Buffer, payload: Buffer): Buffer => {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(udp.length + payload.length, 4);
  header[6] = UDP;
  header[7] = 64;
  from.copy(header, 8);
  to.copy(header, 24);
  return header;
};

/** The Internet checksum (RFC 1071) over all parts, of which all but the last have an even size. */
const checksumOf = (parts: readonly Buffer[]): number => {
  let sum = 0;
  for (const part of parts) {
    for (let at = 0; at + 1 < part.length; at += 2) sum += part.readUInt16BE(at);
    if (part.length % 2 === 1) sum += (part.at(-1) ?? 0) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
};

/** What is no address becomes the unspecified one. */
const addressBytes = (address: string, asV6: boolean): Buffer => {
  const isV6 = isIPv6(address);
  const v4 = isV6 ? [] : address.split('.').map((part) => Number(part) & 0xff);
  if (!asV6) return v4.length === 4 ? Buffer.from(v4) : Buffer.alloc(4);
  if (isV6) return v6Bytes(address);
  return Buffer.concat([
    Buffer.alloc(10),
    Buffer.from([0xff, 0xff]),
    v4.length === 4 ? Buffer.from(v4) : Buffer.alloc(4),
  ]);
};

const v6Bytes = (address: string): Buffer => {
  const plain = (address.split('%')[0] ?? '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  const bytes = Buffer.alloc(16);
  groups.slice(0, 8).forEach((group, at) => bytes.writeUInt16BE(Number.parseInt(group, 16) & 0xffff, at * 2));
  return bytes;
};
