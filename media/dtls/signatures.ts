/** Signatures of the handshake (RFC 5246, 7.4.1.4.1, RFC 8446, 4.2.3), made with P-256 and checked with what peers have. */
import { constants, sign, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

interface Scheme {
  readonly id: number;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly key: 'ec' | 'rsa';
  readonly pss?: true;
}

/** The most wanted first. */
const SCHEMES: readonly Scheme[] = [
  { id: 0x0403, hash: 'sha256', key: 'ec' },
  { id: 0x0804, hash: 'sha256', key: 'rsa', pss: true },
  { id: 0x0401, hash: 'sha256', key: 'rsa' },
  { id: 0x0503, hash: 'sha384', key: 'ec' },
  { id: 0x0805, hash: 'sha384', key: 'rsa', pss: true },
  { id: 0x0501, hash: 'sha384', key: 'rsa' },
  { id: 0x0603, hash: 'sha512', key: 'ec' },
  { id: 0x0806, hash: 'sha512', key: 'rsa', pss: true },
  { id: 0x0601, hash: 'sha512', key: 'rsa' },
];

/** Of our own signatures. */
export const OWN_SCHEME = 0x0403;

export const SCHEME_IDS: readonly number[] = SCHEMES.map(({ id }) => id);

/** Smaller ones prove nothing, larger ones cost too much to check. */
const RSA_BITS = { least: 1024, most: 8192 } as const;

/** Of a certificate; undefined when it cannot be read or has a key that no scheme of ours is for. */
export function publicKeyOf(der: Buffer): KeyObject | undefined {
  try {
    const { publicKey } = new X509Certificate(der);
    if (publicKey.asymmetricKeyType === 'ec') return publicKey;
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
    const fits = publicKey.asymmetricKeyType === 'rsa' && bits >= RSA_BITS.least && bits <= RSA_BITS.most;
    return fits ? publicKey : undefined;
  } catch {
    return undefined;
  }
}

export const signWith = (key: KeyObject, data: Buffer): Buffer => sign('sha256', data, key);

/** Whether the owner of the key has signed the data. */
export function isSigned(
  data: Buffer,
  { key, scheme, signature }: { readonly key: KeyObject; readonly scheme: number; readonly signature: Buffer },
): boolean {
  const known = SCHEMES.find(({ id }) => id === scheme);
  if (!known || known.key !== key.asymmetricKeyType) return false;
  const padding = known.pss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  try {
    return verify(known.hash, data, { key, ...padding }, signature);
  } catch {
    return false;
  }
}
