import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whether the stamp in `file` says that what it stands for was made from exactly this. @param {string} file @param {string} value */
export function isStamped(file, value) {
  try {
    return readFileSync(file, 'utf8') === value;
  } catch {
    return false; // no stamp, no promise
  }
}

/** @param {string} file @param {string} value */
export const writeStamp = (file, value) => writeAtomically(file, value);

/** Writes beside and renames, so that nobody ever reads half a file. @param {string} file @param {string | Uint8Array} content */
export function writeAtomically(file, content, mode = 0o644) {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, content, { mode });
  renameSync(beside, file);
}
