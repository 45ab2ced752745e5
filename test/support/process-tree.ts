/** The product's processes, found by descent and never by name alone, so that a test ends only what it has started. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

export type ProductProcess = 'store' | 'media' | 'edge' | 'app';

interface Entry {
  readonly pid: number;
  readonly parentPid: number;
}

/** The process that runs the bundle `dist/<name>.js` below `rootPid`; undefined while there is none. */
export const processOf = (rootPid: number, name: ProductProcess): number | undefined =>
  descendantsOf(rootPid).find((pid) => argumentsOf(pid).some((argument) => basename(argument) === `${name}.js`));

/** One of several of that name, by its own, such as `media-2`. */
export const processNamed = (rootPid: number, own: string): number | undefined =>
  descendantsOf(rootPid).find((pid) => argumentsOf(pid).includes(own));

/** Kills that process as a crash would, and gives its id. @throws when there is none. */
export const killProcessOf = (rootPid: number, name: ProductProcess): number => {
  const pid = processOf(rootPid, name);
  if (pid === undefined) throw new Error(`the product has no ${name} process`);
  process.kill(pid, 'SIGKILL');
  return pid;
};

/** All that this process has started, and what those have. */
export const descendantsOf = (rootPid: number): number[] => {
  const entries = allProcesses();
  const found = [rootPid];
  // Grows while it is walked: every process found brings its own children.
  for (const parent of found) found.push(...entries.filter((one) => one.parentPid === parent).map(({ pid }) => pid));
  return found.slice(1);
};

const allProcesses = (): Entry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .map((pid) => ({ pid, parentPid: parentOf(pid) }));

/** -1 when the process has ended meanwhile. The command in parentheses may hold anything, spaces and `)` too. */
const parentOf = (pid: number): number => {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? -1);
};

const argumentsOf = (pid: number): string[] => read(`/proc/${pid}/cmdline`).split('\0');

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
