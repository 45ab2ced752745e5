/**
 * Encrypts secrets that are kept (AES-256-GCM). Each names the key that it needs, so that keys can be exchanged; each
 * is bound to its place, so that nobody can have one secret serve as another by copying it.
 *
 * ```
 * sealed:v1:1f3a5c7e9b0d2f46:base64url of 12 bytes IV, ciphertext, 16 bytes tag
 * ```
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Result } from './result';
import { fail, ok } from './result';

const PREFIX = 'sealed:v1:';
const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ID_LENGTH = 16;

/** Tells keys from each other, and nothing about them. */
export const keyIdOf = (key: Buffer): string =>
  createHash('sha256').update('switchroom key id').update(key).digest('hex').slice(0, ID_LENGTH);

/** The id of the key that sealed this text; undefined for what was never sealed. */
export const keyIdOfSealed = (text: string): string | undefined =>
  text.startsWith(PREFIX) ? text.slice(PREFIX.length, PREFIX.length + ID_LENGTH) : undefined;

export class SecretBox {
  private readonly current: string;
  private readonly keys: ReadonlyMap<string, Buffer>;

  /** @param keys of 32 bytes each: the first encrypts, all decrypt. There must be one. */
  constructor(keys: readonly [Buffer, ...Buffer[]]) {
    this.current = keyIdOf(keys[0]);
    this.keys = new Map(keys.map((key) => [keyIdOf(key), key]));
  }

  /** The id of the key that encrypts. */
  get keyId(): string {
    return this.current;
  }

  /** The ids of the keys that only decrypt. */
  get olderKeyIds(): string[] {
    return [...this.keys.keys()].filter((id) => id !== this.current);
  }

  /** @param place such as `phones/2001/ha1.MD5`; the same is needed to open it. */
  seal(secret: string, place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.keys.get(this.current) as Buffer, iv);
    cipher.setAAD(Buffer.from(place));
    const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${PREFIX}${this.current}:${sealed.toString('base64url')}`;
  }

  /**
   * The secret; text that was never sealed is given back as it is. Errors: `not_found` for a key that is not here,
   * `bad_input` for what was changed, or sealed for another place.
   */
  open(text: string, place: string): Result<string> {
    const id = keyIdOfSealed(text);
    if (id === undefined) return ok(text);
    const key = this.keys.get(id);
    if (!key) return fail('not_found', `the key ${id} is needed for ${place} and is not here`);
    const sealed = Buffer.from(text.slice(PREFIX.length + ID_LENGTH + 1), 'base64url');
    if (sealed.length < IV_BYTES + TAG_BYTES) return fail('bad_input', `the secret at ${place} is cut off`);
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      return ok(decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8'));
    } catch (error) {
      return fail('bad_input', `the secret at ${place} has been changed, or belongs elsewhere`, error);
    }
  }

  /** Whether text is sealed with the key that encrypts now; otherwise it is worth sealing anew. */
  isCurrent(text: string): boolean {
    return text.startsWith(`${PREFIX}${this.current}:`);
  }
}
