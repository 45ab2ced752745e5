/**
 * The record layer of DTLS 1.2 (RFC 6347, 4.1), in the clear and with AES-128-GCM (RFC 5288).
 *
 *   type 1 | version 2 | epoch 2 | sequence number 6 | length 2 | fragment
 *   fragment of a later epoch: explicit nonce 8 | encrypted content | tag 16
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ByteReader, uint, vector } from './byte-reader';

export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

const DTLS_1_0 = 0xfeff;
const DTLS_1_2 = 0xfefd;
const TAG_BYTES = 16;
const NONCE_BYTES = 8;
/** RFC 5246, 6.2.1: 2^14 bytes and no more. */
const MAX_FRAGMENT_BYTES = 0x4000;

export interface DtlsRecord {
  readonly type: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly fragment: Buffer;
}

/** DTLS 1.0 is what a HelloVerifyRequest says, whatever is agreed on later (RFC 6347, 4.2.1). */
export const VERIFY_VERSION = DTLS_1_0;

/** Those of a datagram as far as they can be read; what comes after a malformed one is dropped (RFC 6347, 4.1.2.7). */
export function readRecords(datagram: Buffer): DtlsRecord[] {
  const records: DtlsRecord[] = [];
  const reader = new ByteReader(datagram);
  try {
    while (reader.left > 0) {
      const type = reader.uint(1);
      const version = reader.uint(2);
      const epoch = reader.uint(2);
      const sequence = reader.uint(6);
      const fragment = reader.vector(2);
      if (version !== DTLS_1_2 && version !== DTLS_1_0) break;
      if (fragment.length === 0 || fragment.length > MAX_FRAGMENT_BYTES + NONCE_BYTES + TAG_BYTES) break;
      records.push({ type, epoch, sequence, fragment });
    }
  } catch {
    // The datagram is cut short: what was read before counts.
  }
  return records;
}

export const writeRecord = ({ type, epoch, sequence, fragment }: DtlsRecord, version = DTLS_1_2): Buffer =>
  Buffer.concat([uint(type, 1), uint(version, 2), uint(epoch, 2), uint(sequence, 6), vector(fragment, 2)]);

/** One direction's key and implicit nonce. */
export interface RecordKey {
  readonly key: Buffer;
  /** 4 bytes. */
  readonly salt: Buffer;
}

export function sealRecord(record: DtlsRecord, { key, salt }: RecordKey): Buffer {
  const nonce = Buffer.concat([uint(record.epoch, 2), uint(record.sequence, 6)]);
  const cipher = createCipheriv('aes-128-gcm', key, Buffer.concat([salt, nonce]));
  cipher.setAAD(additionalData(record, record.fragment.length));
  const body = cipher.update(record.fragment);
  cipher.final();
  return writeRecord({ ...record, fragment: Buffer.concat([nonce, body, cipher.getAuthTag()]) });
}

/** The content; undefined when the record is not genuine. */
export function openRecord(record: DtlsRecord, { key, salt }: RecordKey): Buffer | undefined {
  const { fragment } = record;
  const bytes = fragment.length - NONCE_BYTES - TAG_BYTES;
  if (bytes < 0) return undefined;
  const nonce = Buffer.concat([salt, fragment.subarray(0, NONCE_BYTES)]);
  const cipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(record, bytes));
  cipher.setAuthTag(fragment.subarray(fragment.length - TAG_BYTES));
  const content = cipher.update(fragment.subarray(NONCE_BYTES, NONCE_BYTES + bytes));
  try {
    cipher.final();
    return content;
  } catch {
    return undefined;
  }
}

/** RFC 5246, 6.2.3.3: sequence number with the epoch, type, version, length of what is in the clear. */
const additionalData = ({ type, epoch, sequence }: DtlsRecord, bytes: number): Buffer =>
  Buffer.concat([uint(epoch, 2), uint(sequence, 6), uint(type, 1), uint(DTLS_1_2, 2), uint(bytes, 2)]);
