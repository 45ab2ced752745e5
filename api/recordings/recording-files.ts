/** Files below the recordings' folder, and none outside it. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import type { RecordingFile, RecordingFiles } from '../ports';
import { errorCode } from './error-code';

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

const describe = async (handle: FileHandle): Promise<RecordingFile | undefined> => {
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
      const buffer = Buffer.alloc(lengthBytes);
      const { bytesRead } = await handle.read(buffer, 0, lengthBytes, offsetBytes);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
};

/**
 * Opens recordings by their path below `recordingsDir`. Symbolic links are followed first and judged afterwards, so
 * that neither `..` nor a link leads out.
 */
export const recordingFilesBelow = (recordingsDir: string): RecordingFiles => ({
  async open(path) {
    if (path === '' || isAbsolute(path)) return undefined;
    try {
      const root = await realpath(recordingsDir);
      const target = await realpath(join(root, path));
      if (!target.startsWith(root + sep)) return undefined;
      return await describe(await open(target, 'r'));
    } catch (error) {
      if (ABSENT.has(errorCode(error) ?? '')) return undefined;
      throw error;
    }
  },
});
