const BLOCK_BYTES = 512;
const REGULAR_FILE = ['0', '\0'];

/**
 * One file out of a tar archive. Each file there is a header block, then its content filled up to whole blocks:
 *
 *     0     name (100)      124  size, octal (12)      156  type (1)
 *
 * @param {Buffer} archive
 * @param {string} name the file's name without its folders
 * @returns {Buffer | undefined}
 */
export function fileFromTar(archive, name) {
  for (let at = 0; at + BLOCK_BYTES <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header[0] === 0) return undefined;
    const path = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    const bytes = parseInt(header.toString('latin1', 124, 136), 8);
    const start = at + BLOCK_BYTES;
    if (!(bytes >= 0) || start + bytes > archive.length) throw new Error('the archive is cut off or not a tar archive');
    const type = header.toString('latin1', 156, 157);
    if (REGULAR_FILE.includes(type) && path.split('/').at(-1) === name) return archive.subarray(start, start + bytes);
    at = start + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return undefined;
}
