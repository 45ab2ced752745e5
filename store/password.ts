/**
 * Password hashes: scrypt (RFC 7914), memory-hard, about 32 MiB each. The parameters stand in the hash, in PHC style:
 * `$scrypt$ln=15,r=8,p=1$<salt>$<key>`, both base64 without padding.
 */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

const LN = 15;
const R = 8;
const P = 1;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Hashes that ask for more than this are refused: a stored hash must not be able to exhaust the memory. */
const MAX_LN = 18;
const MAX_R = 16;
const MAX_P = 4;

interface Parameters {
  ln: number;
  r: number;
  p: number;
}

const derive = (
  password: string,
  salt: Buffer,
  { ln, r, p, keyBytes }: Parameters & { keyBytes: number },
): Promise<Buffer> => {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 128 * 2 ** ln * r + 1024 * 1024 * (p + 1) };
  return new Promise((resolve, reject) => {
    // Typed alike on every keyboard, whichever form the input method composes characters in.
    scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
};

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** A new hash with a random salt. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, { ln: LN, r: R, p: P, keyBytes: KEY_BYTES });
  return `$scrypt$ln=${LN},r=${R},p=${P}$${base64(salt)}$${base64(key)}`;
};

/** Whether the password is the one that was hashed; compares in constant time. False for what is no hash of ours. */
export const verifyPassword = async (password: string, hash: string): Promise<boolean> => {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{8,})\$([A-Za-z0-9+/]{16,})$/.exec(hash);
  if (!match) return false;
  const [ln, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (ln < 1 || ln > MAX_LN || r < 1 || r > MAX_R || p < 1 || p > MAX_P) return false;
  const expected = Buffer.from(match[5] ?? '', 'base64');
  const key = await derive(password, Buffer.from(match[4] ?? '', 'base64'), { ln, r, p, keyBytes: expected.length });
  return timingSafeEqual(key, expected);
};

export const passwordHasher = { hash: hashPassword, verify: verifyPassword };
