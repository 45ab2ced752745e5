/**
 * A journal's file: a line that names the format, then one line a record, each with the CRC-32 of what follows it.
 *
 * ```
 * switchroom-edge-journal 1
 * 1a2b3c4d ["dialog/a84b4c76e66710@host;from-tag=19283",{…}]     an entry as it is now
 * 5e6f7a8b ["dialog/a84b4c76e66710@host;from-tag=19283"]         it is gone
 * 9c0d1e2f ["ended/a84b4c76e66710"                     ]         the same, written over the entry
 * ```
 *
 * A process that dies while it writes leaves an incomplete last line; what follows the first line that does not fit is
 * not read.
 */
import { crc32 } from 'node:zlib';

export const FORMAT_LINE = 'switchroom-edge-journal 1\n';

export type JournalEntries = Map<string, unknown>;

/** @param value JSON; left out: the entry is gone. */
export const encodeRecord = (key: string, value?: unknown): string =>
  lineOf(JSON.stringify(value === undefined ? [key] : [key, value]));

/** The entry is gone, in as many bytes as it had: spaces before the bracket fill them. */
export const encodeRemoval = (key: string, bytes: number): string => {
  const line = encodeRecord(key);
  const fill = ' '.repeat(bytes - Buffer.byteLength(line));
  return lineOf(`[${JSON.stringify(key)}${fill}]`);
};

const lineOf = (json: string): string => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;

/**
 * Applies the records of one file to the entries, in order, up to the first that is damaged.
 * @returns how many bytes at the end were not understood; undefined when the file is of another format.
 */
export const applyRecords = (file: Buffer, entries: JournalEntries): number | undefined => {
  if (file.length === 0) return 0;
  if (file.toString('latin1', 0, FORMAT_LINE.length) !== FORMAT_LINE) {
    // A file that was torn within its first line holds nothing yet.
    return FORMAT_LINE.startsWith(file.toString('latin1')) ? 0 : undefined;
  }
  let at = FORMAT_LINE.length;
  while (at < file.length) {
    const end = file.indexOf(0x0a, at);
    const record = end < 0 ? undefined : decodeRecord(file.toString('utf8', at, end));
    if (!record) return file.length - at;
    const [key, value] = record;
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
    at = end + 1;
  }
  return 0;
};

const decodeRecord = (line: string): readonly [key: string, value?: unknown] | undefined => {
  const json = line.slice(9);
  if (line[8] !== ' ' || crc32(json) !== Number.parseInt(line.slice(0, 8), 16)) return undefined;
  try {
    const record = JSON.parse(json) as unknown;
    if (!Array.isArray(record) || typeof record[0] !== 'string' || record.length > 2) return undefined;
    return [record[0], record[1]];
  } catch {
    return undefined;
  }
};
