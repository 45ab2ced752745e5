/**
 * Our certificate for DTLS-SRTP: it signs itself and names nobody, since what counts is its fingerprint in the SDP
 * (RFC 5763, 5). P-256, as all of WebRTC has it (RFC 8827, 6.5).
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const VALID_MS = 10 * 365 * 86_400_000;
/** Clocks of peers that look may be behind. */
const BACKDATED_MS = 86_400_000;

export interface DtlsCertificate {
  readonly der: Buffer;
  readonly privateKey: KeyObject;
  /** SHA-256, as it stands in the SDP. */
  readonly fingerprint: string;
}

export function createCertificate(nowMs: number): DtlsCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(setOf(sequence(objectId(COMMON_NAME), tagged(0x0c, Buffer.from('switchroom')))));
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  const content = sequence(
    // Version 3 (RFC 5280, 4.1.2.1).
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    algorithm,
    name,
    sequence(time(nowMs - BACKDATED_MS), time(nowMs + VALID_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, privateKey);
  const der = sequence(content, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { der, privateKey, fingerprint: fingerprintOf(der, 'sha256') };
}

/** `AB:CD:…` */
export const fingerprintOf = (der: Buffer, hash: string): string =>
  createHash(hash).update(der).digest('hex').toUpperCase().match(/../g)?.join(':') ?? '';

/** 1.2.840.10045.4.3.2 */
const ECDSA_WITH_SHA256 = Buffer.from('2a8648ce3d040302', 'hex');
/** 2.5.4.3 */
const COMMON_NAME = Buffer.from('550403', 'hex');

/** DER (ITU-T X.690, 8.1): tag, length, content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));

const setOf = (content: Buffer): Buffer => tagged(0x31, content);

const objectId = (encoded: Buffer): Buffer => tagged(0x06, encoded);

/** UTCTime, to the second (RFC 5280, 4.1.2.5.1). */
const time = (atMs: number): Buffer =>
  tagged(0x17, Buffer.from(`${new Date(atMs).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
