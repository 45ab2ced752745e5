/** CPU time of single processes (Linux: /proc/PID/stat). */
import { readFileSync } from 'node:fs';
import { parseProcessStat } from './cpu-times';

/** User and system time together, in ms; undefined for a process that is not there or cannot be seen. */
export const cpuMsOf = (pid: number | undefined): number | undefined => {
  if (pid === undefined) return undefined;
  try {
    const ticks = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.cpuTicks;
    return ticks === undefined ? undefined : (ticks * 1_000) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
};

/** USER_HZ, which Linux shows to programs as 100 on every machine. */
const TICKS_PER_SECOND = 100;
