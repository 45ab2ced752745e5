import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * One hash over the names and contents of files and of whole folders. A path that does not exist counts as absent, so
 * that its appearance changes the hash.
 * @param {string} root names in the hash are relative to it
 * @param {string[]} paths below `root`
 * @returns {string} SHA-256 in hex
 */
export function contentHash(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(join(root, path))) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
    }
    hash.update(`${path}\0end\0`);
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} the file itself, or every file below the folder, in a fixed order */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name === 'node_modules') return [];
      return entry.isDirectory() || entry.isFile() ? filesBelow(join(path, entry.name)) : [];
    });
}
