/** Session keys from a master key (RFC 3711, 4.3, with a key derivation rate of zero; RFC 7714, 11, does the same). */
import { createCipheriv } from 'node:crypto';
import type { SrtpSuite } from './suites';

export interface MasterKey {
  readonly key: Buffer;
  /** As long as the suite's salts are. */
  readonly salt: Buffer;
}

export interface SessionKeys {
  readonly encryption: Buffer;
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

const AUTHENTICATION_KEY_BYTES = 20;

/** Section 4.3.1: the labels of encryption, authentication and salt. */
const RTP_LABELS = [0, 1, 2] as const;
const RTCP_LABELS = [3, 4, 5] as const;

export const rtpKeys = (suite: SrtpSuite, master: MasterKey): SessionKeys => derive(suite, master, RTP_LABELS);

export const rtcpKeys = (suite: SrtpSuite, master: MasterKey): SessionKeys => derive(suite, master, RTCP_LABELS);

const derive = (suite: SrtpSuite, master: MasterKey, labels: readonly [number, number, number]): SessionKeys => {
  const take = (label: number, bytes: number): Buffer => {
    const iv = Buffer.alloc(16);
    // A salt of 12 bytes is taken as one of 14 that ends in zeros (RFC 7714, 11).
    master.salt.copy(iv, 0, 0, suite.saltBytes);
    // The label stands above a 48-bit index of zero, of which the salt's last byte is the lowest.
    iv.writeUInt8(iv.readUInt8(7) ^ label, 7);
    return createCipheriv(`aes-${suite.keyBytes * 8}-ctr`, master.key, iv).update(Buffer.alloc(bytes));
  };
  const [encryption, authentication, salt] = labels;
  return {
    encryption: take(encryption, suite.keyBytes),
    authentication: take(authentication, AUTHENTICATION_KEY_BYTES),
    salt: take(salt, suite.saltBytes),
  };
};
