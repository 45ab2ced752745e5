/** Recordings in a folder, and none outside it. */
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { ByteSource } from '../../base/byte-source';
import { piecesOf } from '../../base/byte-source';
import { SwitchroomError, messageOf } from '../../base/errors';
import { UNFINISHED_SUFFIX } from './storage';
import type { RecordingStorage, StoredFile } from './storage';

const ABSENT = new Set([
  ...['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENAMETOOLONG'],
  ...['ERR_FS_EISDIR', 'ERR_INVALID_ARG_VALUE'],
]);

const isAbsent = (error: unknown): boolean => ABSENT.has((error as NodeJS.ErrnoException).code ?? '');

const describe = async (handle: FileHandle): Promise<StoredFile | undefined> => {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    return undefined;
  }
  const identity = `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
  return {
    sizeBytes: stats.size,
    modifiedAtMs: stats.mtimeMs,
    version: createHash('sha256').update(identity).digest('base64url').slice(0, 22),
    async read(offsetBytes, lengthBytes) {
      const buffer = Buffer.alloc(Math.max(0, Math.min(lengthBytes, stats.size - offsetBytes)));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offsetBytes);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
};

interface Listing {
  readonly after: string;
  readonly limit: number;
  readonly keys: string[];
}

/** A folder may be removed while the others are read. */
const noneIfAbsent = (error: unknown): Dirent[] => {
  if (isAbsent(error)) return [];
  throw error;
};

export class DiskStorage implements RecordingStorage {
  readonly kind = 'disk';

  constructor(private readonly dir: string) {}

  async open(key: string): Promise<StoredFile | undefined> {
    try {
      const file = await this.fileOf(key);
      return file === undefined ? undefined : await describe(await open(file, 'r'));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async list(after: string, limit: number): Promise<string[]> {
    const keys: string[] = [];
    try {
      await this.collect('', { after, limit, keys });
    } catch (error) {
      throw new SwitchroomError('unavailable', `the recordings cannot be listed: ${messageOf(error)}`, {
        cause: error,
      });
    }
    return keys;
  }

  async put(key: string, source: ByteSource): Promise<void> {
    const file = this.newFileOf(key);
    const temporary = `${file}${UNFINISHED_SUFFIX}`;
    try {
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(temporary, 'w', 0o640);
      try {
        for await (const piece of piecesOf(source)) await handle.writeFile(piece);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw new SwitchroomError('unavailable', `${key} cannot be written: ${messageOf(error)}`, { cause: error });
    }
  }

  async remove(key: string): Promise<boolean> {
    try {
      const file = await this.fileOf(key);
      if (file === undefined) return false;
      await rm(file);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw new SwitchroomError('unavailable', `${key} cannot be removed: ${messageOf(error)}`, { cause: error });
    }
  }

  private async collect(folder: string, into: Listing): Promise<void> {
    const { after, limit, keys } = into;
    const entries = await readdir(join(this.dir, folder), { withFileTypes: true }).catch(noneIfAbsent);
    const children = entries.map((entry) => ({ entry, key: folder + entry.name + (entry.isDirectory() ? '/' : '') }));
    for (const { entry, key } of children.sort((one, other) => (one.key < other.key ? -1 : 1))) {
      if (keys.length >= limit) return;
      if (entry.isDirectory() && (key > after || after.startsWith(key))) await this.collect(key, into);
      else if (entry.isFile() && key > after) keys.push(key);
    }
  }

  /** Symbolic links are followed first and judged afterwards, so that neither `..` nor a link leads out. */
  private async fileOf(key: string): Promise<string | undefined> {
    if (key === '' || isAbsolute(key)) return undefined;
    const root = await realpath(this.dir);
    const target = await realpath(join(root, key));
    return target.startsWith(root + sep) ? target : undefined;
  }

  private newFileOf(key: string): string {
    const parts = key.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..'))
      throw new SwitchroomError('bad_input', `"${key}" is no path of a recording`);
    return join(this.dir, ...parts);
  }
}
