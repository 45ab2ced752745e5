/**
 * STUN messages (RFC 8489) as far as connectivity checks need them (RFC 8445, 7): binding requests of a peer and our
 * responses to them.
 *
 *   type 2 | length 2 | magic cookie 4 | transaction 12 | attributes: type 2, length 2, value, padding to 4 bytes
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { crc32 } from 'node:zlib';
import type { TransportAddress } from '../sdp/rtp-remote';

const MAGIC_COOKIE = 0x2112_a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 20;
const FINGERPRINT_XOR = 0x5354_554e;
/** Checks have about 120 bytes. */
const MAX_BYTES = 1_500;
const MAX_ATTRIBUTES = 32;

const METHOD_TYPE = { request: 0x0001, indication: 0x0011, success: 0x0101, error: 0x0111 } as const;

const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const;

const UNDERSTOOD: ReadonlySet<number> = new Set(Object.values(ATTRIBUTE));

export interface StunMessage {
  readonly kind: keyof typeof METHOD_TYPE;
  /** 12 bytes. */
  readonly transaction: Buffer;
  readonly username: string | undefined;
  readonly useCandidate: boolean;
  /** The peer believes that we decide. */
  readonly iceControlled: boolean;
  /** Attributes that must be understood and are not (RFC 8489, 6.3.1). */
  readonly unknown: readonly number[];
  /** What the integrity is over, and its value; absent when there is none. */
  readonly integrity: { readonly over: Buffer; readonly value: Buffer } | undefined;
}

/** RFC 7983, 7: by the first byte one can tell STUN, DTLS and RTP apart. */
export const looksLikeStun = (datagram: Buffer): boolean => datagram.length >= HEADER_BYTES && (datagram[0] ?? 255) < 4;

/** Undefined for what is no binding message, or malformed, or has a wrong fingerprint. */
export function parseStun(datagram: Buffer): StunMessage | undefined {
  const { length } = datagram;
  if (length < HEADER_BYTES || length > MAX_BYTES || length % 4 !== 0) return undefined;
  if (datagram.readUInt32BE(4) !== MAGIC_COOKIE || datagram.readUInt16BE(2) !== length - HEADER_BYTES) return undefined;
  const kind = KINDS.get(datagram.readUInt16BE(0));
  const attributes = kind && readAttributes(datagram);
  if (!kind || !attributes || !hasRightFingerprint(datagram, attributes)) return undefined;
  const found = (type: number): Attribute | undefined => attributes.find((attribute) => attribute.type === type);
  const integrity = found(ATTRIBUTE.messageIntegrity);
  if (integrity && integrity.value.length !== INTEGRITY_BYTES) return undefined;
  return {
    kind,
    transaction: datagram.subarray(8, HEADER_BYTES),
    username: found(ATTRIBUTE.username)?.value.toString('utf8'),
    useCandidate: found(ATTRIBUTE.useCandidate) !== undefined,
    iceControlled: found(ATTRIBUTE.iceControlled) !== undefined,
    unknown: attributes.flatMap(({ type }) => (type < 0x8000 && !UNDERSTOOD.has(type) ? [type] : [])),
    integrity: integrity && { over: upTo(datagram, integrity.at, INTEGRITY_BYTES), value: integrity.value },
  };
}

/** Whether somebody who knows the password has written the message (RFC 8489, 14.5, short-term credentials). */
export const isIntact = ({ integrity }: StunMessage, password: string): boolean =>
  integrity !== undefined && timingSafeEqual(hmac(integrity.over, password), integrity.value);

export type StunResponse =
  | { readonly kind: 'success'; readonly mapped: TransportAddress }
  | { readonly kind: 'error'; readonly code: 400 | 401 | 420 | 487; readonly unknown?: readonly number[] };

/** @param password absent where the peer could not be authenticated: then the response is not either (9.1.3). */
export function writeResponse(request: StunMessage, response: StunResponse, password?: string): Buffer {
  const attributes =
    response.kind === 'success'
      ? [attribute(ATTRIBUTE.xorMappedAddress, xorMapped(response.mapped, request.transaction))]
      : errorAttributes(response.code, response.unknown ?? []);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(METHOD_TYPE[response.kind], 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  request.transaction.copy(header, 8);
  return sealed(Buffer.concat([header, ...attributes]), password);
}

interface Attribute {
  readonly type: number;
  readonly value: Buffer;
  /** Where it begins. */
  readonly at: number;
}

const KINDS: ReadonlyMap<number, StunMessage['kind']> = new Map(
  Object.entries(METHOD_TYPE).map(([kind, type]) => [type, kind as StunMessage['kind']]),
);

function readAttributes(datagram: Buffer): Attribute[] | undefined {
  const attributes: Attribute[] = [];
  for (let at = HEADER_BYTES; at < datagram.length;) {
    if (attributes.length === MAX_ATTRIBUTES) return undefined;
    const [type, bytes] = [datagram.readUInt16BE(at), datagram.readUInt16BE(at + 2)];
    if (at + 4 + bytes > datagram.length) return undefined;
    const attribute = { type, value: datagram.subarray(at + 4, at + 4 + bytes), at };
    // RFC 8489, 14.5: what follows the integrity is not authenticated, and only the fingerprint counts there.
    const isCovered = !attributes.some((before) => before.type === ATTRIBUTE.messageIntegrity);
    if (isCovered || type === ATTRIBUTE.fingerprint) attributes.push(attribute);
    at += 4 + bytes + padding(bytes);
  }
  return attributes;
}

/** RFC 8489, 14.7. ICE's checks must have one (RFC 8445, 7.1.2). */
function hasRightFingerprint(datagram: Buffer, attributes: readonly Attribute[]): boolean {
  const last = attributes.find(({ type }) => type === ATTRIBUTE.fingerprint);
  if (!last || last.value.length !== 4 || last.at + 8 !== datagram.length) return false;
  return last.value.readUInt32BE(0) === fingerprint(datagram.subarray(0, last.at));
}

/** The message before an attribute, with the length that it has with this one as its last. */
function upTo(datagram: Buffer, at: number, valueBytes: number): Buffer {
  const copy = Buffer.from(datagram.subarray(0, at));
  copy.writeUInt16BE(at + 4 + valueBytes - HEADER_BYTES, 2);
  return copy;
}

function sealed(message: Buffer, password: string | undefined): Buffer {
  let whole = message;
  if (password !== undefined) {
    const over = upTo(whole, whole.length, INTEGRITY_BYTES);
    whole = Buffer.concat([over, attribute(ATTRIBUTE.messageIntegrity, hmac(over, password))]);
  }
  const over = upTo(whole, whole.length, 4);
  const value = Buffer.alloc(4);
  value.writeUInt32BE(fingerprint(over));
  return Buffer.concat([over, attribute(ATTRIBUTE.fingerprint, value)]);
}

const hmac = (data: Buffer, password: string): Buffer => createHmac('sha1', password).update(data).digest();

const fingerprint = (data: Buffer): number => (crc32(data) ^ FINGERPRINT_XOR) >>> 0;

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

const padding = (bytes: number): number => (4 - (bytes % 4)) % 4;

function errorAttributes(code: number, unknown: readonly number[]): Buffer[] {
  const value = Buffer.from([0, 0, Math.floor(code / 100), code % 100]);
  const list = Buffer.alloc(unknown.length * 2);
  unknown.forEach((type, index) => list.writeUInt16BE(type, index * 2));
  return [
    attribute(ATTRIBUTE.errorCode, value),
    ...(unknown.length > 0 ? [attribute(ATTRIBUTE.unknownAttributes, list)] : []),
  ];
}

/** RFC 8489, 14.2. */
function xorMapped({ address, port }: TransportAddress, transaction: Buffer): Buffer {
  const ip = addressBytes(address);
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE);
  transaction.copy(mask, 4);
  const value = Buffer.alloc(4 + ip.length);
  value.writeUInt8(ip.length === 4 ? 1 : 2, 1);
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  ip.forEach((byte, index) => value.writeUInt8(byte ^ mask.readUInt8(index), 4 + index));
  return value;
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = (text: string): number[] =>
    text === ''
      ? []
      : text.split(':').flatMap((group) => (group.includes('.') ? pairsOf(group) : [parseInt(group, 16)]));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
  const bytes = Buffer.alloc(16);
  all.slice(0, 8).forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

/** The IPv4 part at the end of an IPv6 address. */
const pairsOf = (dotted: string): number[] => {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
};
