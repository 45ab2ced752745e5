/**
 * One server per data folder. The holder's process id stands in the database itself and changes hands inside an LMDB
 * write transaction, which only one process at a time can have: two servers that start together cannot both win.
 */
import { readFileSync } from 'node:fs';
import { SwitchroomError } from '../../../base/errors';
import { decodeExact, encode } from '../values/codec';
import { metaKey } from './keyspace';
import type { Storage } from './storage';

interface Holder {
  pid: number;
  /** When the process started, in the kernel's ticks: tells a living holder from another process with its number. */
  startTicks: string;
}

const HOLDER = metaKey('holder');

/** Field 22 of /proc/PID/stat; empty where there is no /proc or no such process. */
const startTicksOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

const isAlive = ({ pid, startTicks }: Holder): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startTicks === startTicksOf(pid);
};

/**
 * Takes the folder, also from a holder that has died without releasing it.
 * @returns the function that releases it.
 * @throws SwitchroomError `conflict` that names the folder and the process that holds it.
 */
export const takeFolder = (storage: Storage, dataDir: string): (() => void) => {
  const own: Holder = { pid: process.pid, startTicks: startTicksOf(process.pid) };
  const holder = storage.writeNow(() => {
    const bytes = storage.get(HOLDER);
    const current = bytes ? (decodeExact(bytes) as unknown as Holder) : undefined;
    if (current && isAlive(current)) return current;
    storage.put(HOLDER, encode({ ...own }));
    return undefined;
  });
  if (holder) {
    throw new SwitchroomError(
      'conflict',
      `The data folder ${dataDir} is in use by process ${holder.pid}; stop that process or choose another folder.`,
    );
  }
  return () => storage.writeNow(() => storage.remove(HOLDER));
};
