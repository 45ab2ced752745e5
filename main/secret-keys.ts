/**
 * The keys by which secrets in the database are encrypted. They stand in the environment or in a file, one a line as
 * base64 of 32 bytes: the first encrypts, the others are older ones that can still be read.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { SwitchroomError, messageOf } from '../base/errors';
import type { Logger } from '../base/log';
import { KEY_BYTES, SecretBox } from '../base/secret-box';

export interface SecretKeySource {
  /** The keys themselves, with commas or line ends between them; they go before the file. */
  readonly keys: string | undefined;
  readonly keyFile: string;
  /** Whether the file may be made when it is not there: it is where it is by default. */
  readonly mayMake: boolean;
}

/** @throws SwitchroomError `bad_input` with one sentence that names the file, or the variable, and the cure. */
export const openSecretBox = (source: SecretKeySource, log: Logger): SecretBox => {
  if (source.keys !== undefined) return boxOf(source.keys, 'The environment variable SECRETS_KEYS');
  return boxOf(readOrMake(source, log), source.keyFile);
};

const readOrMake = ({ keyFile, mayMake }: SecretKeySource, log: Logger): string => {
  try {
    return readFileSync(keyFile, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!missing || !mayMake) {
      const cure = `put it back, or make one: openssl rand -base64 ${KEY_BYTES}`;
      const message = `The key file ${keyFile} for secrets in the database cannot be read (${messageOf(error)}); ${cure}.`;
      throw new SwitchroomError('bad_input', message, { cause: error });
    }
  }
  const made = `${randomBytes(KEY_BYTES).toString('base64')}\n`;
  try {
    // What is encrypted by it is on the disk at once: the key must not be lost when the power is.
    writeFileSync(keyFile, made, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    const message = `The key file ${keyFile} for secrets in the database cannot be written: ${messageOf(error)}.`;
    throw new SwitchroomError('bad_input', message, { cause: error });
  }
  log.warn({ keyFile }, 'a key for secrets in the database was made; keep a copy of it with the backups');
  return made;
};

const boxOf = (text: string, where: string): SecretBox => {
  const lines = text.split(/[\s,]+/).filter((line) => line !== '');
  const [first, ...older] = lines.map((line) => Buffer.from(line, 'base64'));
  const bad = lines.findIndex((line) => Buffer.from(line, 'base64').length !== KEY_BYTES);
  if (!first || bad >= 0) {
    const which = first ? `entry ${bad + 1} is none` : 'there is none';
    const wanted = `${where} must hold keys of ${KEY_BYTES} bytes in base64, the first of which encrypts`;
    throw new SwitchroomError('bad_input', `${wanted}; ${which}.`);
  }
  return new SecretBox([first, ...older]);
};
