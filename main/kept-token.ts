/** A random name that is made once and then the same at each start, in a file that its owner alone may read. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { newToken } from '../base/ids';

/** @throws when the file can be neither read nor made. */
export const keptToken = (file: string): string => {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  // Empty is what a full disk has left of it.
  if (kept !== '') return kept;
  const token = newToken();
  writeFileSync(file, token, { mode: 0o600 });
  return token;
};
