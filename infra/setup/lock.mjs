import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 200;

/**
 * Runs `work` while holding `file`, so that two set-ups at the same time do not damage each other. The file names its
 * holder: process id and when that process was started, so that a lock whose holder has died, even if its id was given
 * to another process since, is recognised and taken over.
 * @template T
 * @param {string} file
 * @param {{ onWait?: (holderPid: number) => void, work: () => Promise<T> }} options
 * @returns {Promise<T>}
 */
export async function withLock(file, { onWait, work }) {
  mkdirSync(dirname(file), { recursive: true });
  while (!tryTake(file)) {
    const holder = readHolder(file);
    if (holder !== undefined && !isAlive(holder)) removeStale(file, holder);
    else {
      if (holder !== undefined) onWait?.(pidOf(holder));
      await sleep(RETRY_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Linking a complete file into place is atomic: nobody sees a lock without its holder's name. */
function tryTake(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, nameOf(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves the lock aside, and puts it back if it turns out to be somebody's who took it since it was read. */
function removeStale(file, staleHolder) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== staleHolder) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined; // it has just been given back
    throw error;
  }
}

const pidOf = (holder) => Number(holder.split(' ')[0]);

/** @param {string} holder what the lock file says */
export const isAlive = (holder) => holder === nameOf(pidOf(holder));

/** @param {number} pid @returns {string | undefined} `pid start-time`, or undefined when no such process runs */
export function nameOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
  }
  const { state, startTime } = statOf(pid);
  return state === 'Z' ? undefined : `${pid} ${startTime}`;
}

/** Fields 3 and 22 of /proc/PID/stat; field 2, the program's name, may hold spaces. Elsewhere than on Linux: dashes. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fromThird = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fromThird[0], startTime: fromThird[19] };
  } catch {
    return { state: '-', startTime: '-' };
  }
}
