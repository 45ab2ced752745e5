/** How full the disk is that a folder lies on. */
import { statfs } from 'node:fs/promises';

export interface DiskUse {
  /** Of what ordinary users may use. */
  readonly usedPercent: number;
  readonly freeBytes: number;
}

/** @throws the system's error when the folder cannot be asked about. */
export const diskUse = async (dir: string): Promise<DiskUse> => {
  const { blocks, bfree, bavail, bsize } = await statfs(dir);
  const used = blocks - bfree;
  const usable = used + bavail;
  return { usedPercent: usable === 0 ? 100 : (used * 100) / usable, freeBytes: bavail * bsize };
};
