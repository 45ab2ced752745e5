/** What a handshake makes of its secret (RFC 5246, 5 and 8.1, RFC 7627, 4, RFC 5705): all with HMAC-SHA256. */
import { createHash, createHmac } from 'node:crypto';
import type { SrtpSuite } from '../srtp/suites';
import type { MasterKey } from '../srtp/session-keys';
import type { RecordKey } from './record';

const MASTER_SECRET_BYTES = 48;
const VERIFY_DATA_BYTES = 12;
const KEY_BYTES = 16;
const IMPLICIT_NONCE_BYTES = 4;

export interface Randoms {
  readonly client: Buffer;
  readonly server: Buffer;
}

export const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

/** RFC 5246, 5: P_SHA256 over label and seed. */
export function expand(secret: Buffer, label: string, { seed, bytes }: { seed: Buffer; bytes: number }): Buffer {
  const labelled = Buffer.concat([Buffer.from(label, 'ascii'), seed]);
  const hmac = (data: Buffer): Buffer => createHmac('sha256', secret).update(data).digest();
  const blocks: Buffer[] = [];
  let a: Buffer = labelled;
  for (let made = 0; made < bytes; made += 32) {
    a = hmac(a);
    blocks.push(hmac(Buffer.concat([a, labelled])));
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** With the extended master secret the whole handshake up to the key exchange is bound in. */
export const extendedMasterSecret = (premaster: Buffer, transcript: Buffer): Buffer =>
  expand(premaster, 'extended master secret', { seed: sha256(transcript), bytes: MASTER_SECRET_BYTES });

export const masterSecret = (premaster: Buffer, { client, server }: Randoms): Buffer =>
  expand(premaster, 'master secret', { seed: Buffer.concat([client, server]), bytes: MASTER_SECRET_BYTES });

/** RFC 5246, 6.3: no MAC keys, then keys, then implicit nonces. */
export function recordKeys(master: Buffer, { client, server }: Randoms): { client: RecordKey; server: RecordKey } {
  const bytes = 2 * (KEY_BYTES + IMPLICIT_NONCE_BYTES);
  const block = expand(master, 'key expansion', { seed: Buffer.concat([server, client]), bytes });
  const nonces = block.subarray(2 * KEY_BYTES);
  return {
    client: { key: block.subarray(0, KEY_BYTES), salt: nonces.subarray(0, IMPLICIT_NONCE_BYTES) },
    server: { key: block.subarray(KEY_BYTES, 2 * KEY_BYTES), salt: nonces.subarray(IMPLICIT_NONCE_BYTES) },
  };
}

export const verifyData = (master: Buffer, side: 'client' | 'server', transcript: Buffer): Buffer =>
  expand(master, `${side} finished`, { seed: sha256(transcript), bytes: VERIFY_DATA_BYTES });

/** RFC 5764, 4.2: both keys, then both salts. */
export function srtpKeys(
  master: Buffer,
  { client, server }: Randoms,
  { keyBytes, saltBytes }: SrtpSuite,
): { client: MasterKey; server: MasterKey } {
  const seed = Buffer.concat([client, server]);
  const material = expand(master, 'EXTRACTOR-dtls_srtp', { seed, bytes: 2 * (keyBytes + saltBytes) });
  const salts = material.subarray(2 * keyBytes);
  return {
    client: { key: material.subarray(0, keyBytes), salt: salts.subarray(0, saltBytes) },
    server: { key: material.subarray(keyBytes, 2 * keyBytes), salt: salts.subarray(saltBytes) },
  };
}
