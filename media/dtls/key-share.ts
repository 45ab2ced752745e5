/** Ephemeral Diffie-Hellman on the two curves that everybody has (RFC 8422, 5.1.1): X25519 and P-256. */
import { createECDH, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';

export type Group = 0x001d | 0x0017;

const X25519: Group = 0x001d;
const P_256: Group = 0x0017;

/** The most wanted first. */
export const GROUPS: readonly Group[] = [X25519, P_256];

export interface KeyShare {
  readonly group: Group;
  /** As it stands in the key exchange. */
  readonly point: Buffer;
  /** The premaster secret; undefined for what is no point of the curve. */
  agree(peerPoint: Buffer): Buffer | undefined;
}

export const createKeyShare = (group: Group): KeyShare => (group === X25519 ? x25519Share() : p256Share());

function x25519Share(): KeyShare {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return {
    group: X25519,
    point,
    agree: (peerPoint) =>
      secretOf(() => {
        const x = peerPoint.toString('base64url');
        const peer = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
        return diffieHellman({ privateKey, publicKey: peer });
      }),
  };
}

function p256Share(): KeyShare {
  const ecdh = createECDH('prime256v1');
  const point = ecdh.generateKeys();
  return { group: P_256, point, agree: (peerPoint) => secretOf(() => ecdh.computeSecret(peerPoint)) };
}

/** RFC 8422, 5.11: a secret of zeros, which points of small order give, is refused. */
function secretOf(compute: () => Buffer): Buffer | undefined {
  try {
    const secret = compute();
    return secret.every((byte) => byte === 0) ? undefined : secret;
  } catch {
    return undefined;
  }
}
