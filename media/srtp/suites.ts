/** The crypto suites that we speak: of SDP (RFC 4568, 6.2, RFC 6188, 4, RFC 7714, 14.2) and of DTLS-SRTP (RFC 5764, 4.1.2). */

interface SuiteFacts {
  readonly name: SrtpSuiteName;
  readonly keyBytes: 16 | 32;
  /** Number of the protection profile in DTLS; absent where it has none. */
  readonly dtlsProfile?: number;
}

/** Counter mode with HMAC-SHA1 (RFC 3711). */
export interface CounterSuite extends SuiteFacts {
  readonly kind: 'counter';
  readonly saltBytes: 14;
  /** Of SRTP packets; SRTCP's are always 10. */
  readonly tagBytes: 4 | 10;
}

/** Galois/counter mode, encryption and authentication in one (RFC 7714). */
export interface GcmSuite extends SuiteFacts {
  readonly kind: 'gcm';
  readonly saltBytes: 12;
  readonly tagBytes: 16;
}

export type SrtpSuite = CounterSuite | GcmSuite;

export type SrtpSuiteName =
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AEAD_AES_256_GCM'
  | 'AEAD_AES_128_GCM';

/** The most wanted first. Those of RFC 7714 come last: few peers that put keys into SDP know them. */
export const SRTP_SUITES: readonly SrtpSuite[] = [
  { kind: 'counter', name: 'AES_256_CM_HMAC_SHA1_80', keyBytes: 32, saltBytes: 14, tagBytes: 10 },
  { kind: 'counter', name: 'AES_CM_128_HMAC_SHA1_80', keyBytes: 16, saltBytes: 14, tagBytes: 10, dtlsProfile: 0x0001 },
  { kind: 'counter', name: 'AES_CM_128_HMAC_SHA1_32', keyBytes: 16, saltBytes: 14, tagBytes: 4, dtlsProfile: 0x0002 },
  { kind: 'gcm', name: 'AEAD_AES_256_GCM', keyBytes: 32, saltBytes: 12, tagBytes: 16, dtlsProfile: 0x0008 },
  { kind: 'gcm', name: 'AEAD_AES_128_GCM', keyBytes: 16, saltBytes: 12, tagBytes: 16, dtlsProfile: 0x0007 },
];

export const suiteNamed = (name: string): SrtpSuite | undefined => SRTP_SUITES.find((suite) => suite.name === name);

/** In DTLS, the most wanted first: one pass over a packet costs less than two. */
export const DTLS_SUITES: readonly SrtpSuite[] = [
  'AEAD_AES_128_GCM',
  'AEAD_AES_256_GCM',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
].flatMap((name) => suiteNamed(name) ?? []);
