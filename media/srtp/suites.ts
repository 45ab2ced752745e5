/** The crypto suites of SDP security descriptions that we speak (RFC 4568, 6.2, and RFC 6188, 4). */

export interface SrtpSuite {
  readonly name: SrtpSuiteName;
  readonly cipher: 'aes-128-ctr' | 'aes-256-ctr';
  readonly keyBytes: 16 | 32;
  /** Of SRTP packets; SRTCP's are always 10. */
  readonly tagBytes: 4 | 10;
}

export type SrtpSuiteName = 'AES_256_CM_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32';

/** RFC 3711, 8.2: 112 bits. */
export const SALT_BYTES = 14;

/** The most wanted first. */
export const SRTP_SUITES: readonly SrtpSuite[] = [
  { name: 'AES_256_CM_HMAC_SHA1_80', cipher: 'aes-256-ctr', keyBytes: 32, tagBytes: 10 },
  { name: 'AES_CM_128_HMAC_SHA1_80', cipher: 'aes-128-ctr', keyBytes: 16, tagBytes: 10 },
  { name: 'AES_CM_128_HMAC_SHA1_32', cipher: 'aes-128-ctr', keyBytes: 16, tagBytes: 4 },
];

export const suiteNamed = (name: string): SrtpSuite | undefined => SRTP_SUITES.find((suite) => suite.name === name);
