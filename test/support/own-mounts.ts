/** Programs that see a small file system of their own, where everybody else sees a folder. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

const SEPARATE = ['--map-root-user', '--mount'];

const refusal = (): string | undefined => {
  try {
    execFileSync('unshare', [...SEPARATE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return String(error);
  }
};

/**
 * `describe` for tests that mount. Left out, loudly, only where the system refuses that to this user: it is a matter of
 * the kernel's settings, and no tool brings it.
 */
export const describeWithOwnMounts: jest.Describe = ((): jest.Describe => {
  const why = refusal();
  if (why === undefined) return describe;
  console.warn(`SKIPPED: these tests need a mount namespace (sysctl kernel.unprivileged_userns_clone=1): ${why}`);
  return describe.skip;
})();

/** @param folder is a file system of that size to the program, in memory. */
export const spawnOnDisk = (folder: string, sizeBytes: number, command: readonly string[]): ChildProcess => {
  const script = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && shift 2 && exec "$@"';
  const args = [...SEPARATE, 'sh', '-c', script, 'sh', String(sizeBytes), folder, ...command];
  return spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
};

/** Where that process has its folder, seen from here. */
export const seenFromHere = ({ pid }: ChildProcess, folder: string): string => `/proc/${pid}/root${folder}`;
