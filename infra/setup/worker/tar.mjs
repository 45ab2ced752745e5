const BLOCK_BYTES = 512;
const REGULAR_FILE = ['0', '\0'];
/** What only describes the entries: extended headers (POSIX pax), for one file or for all. */
const DESCRIPTION = ['x', 'g'];

/**
 * The one file of a tar archive that must hold nothing else. Each file there is a header block, then its content filled
 * up to whole blocks:
 *
 *     0     name (100)      124  size, octal (12)      156  type (1)
 *
 * @param {Buffer} archive
 * @param {string} name the file's name, without folders
 * @returns {Buffer}
 * @throws {Error} when the archive is damaged, or holds anything else or more
 */
export function onlyFileOfTar(archive, name) {
  let content;
  for (const entry of entriesOf(archive)) {
    if (DESCRIPTION.includes(entry.type)) continue;
    if (entry.path !== name || !REGULAR_FILE.includes(entry.type) || content)
      throw new Error(`the archive must hold one file, ${name}, but it holds "${entry.path}" (type ${entry.type})`);
    content = entry.content;
  }
  if (!content) throw new Error(`the archive holds no ${name}`);
  return content;
}

function* entriesOf(archive) {
  for (let at = 0; at + BLOCK_BYTES <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header[0] === 0) return;
    const path = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    const bytes = parseInt(header.toString('latin1', 124, 136), 8);
    const start = at + BLOCK_BYTES;
    if (!(bytes >= 0) || start + bytes > archive.length) throw new Error('the archive is cut off or not a tar archive');
    const type = header.toString('latin1', 156, 157);
    yield { path, type, content: archive.subarray(start, start + bytes) };
    at = start + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
}
