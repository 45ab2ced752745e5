/** Which core runs what: what is measured has one to itself, what makes the load another. */
import { readFileSync } from 'node:fs';

export interface Cores {
  /** For the edge and the app together. */
  readonly measured: number;
  /** For SIPp and for whoever directs it. */
  readonly load: number;
}

/** Undefined where this process may use one core only: nothing can be kept apart then. */
export const twoCores = (): Cores | undefined => {
  const [measured, load] = coresOf(allowedList());
  return measured === undefined || load === undefined ? undefined : { measured, load };
};

/** The numbers in a list of the kernel's, such as `0-1,4`. */
export const coresOf = (list: string): number[] =>
  list
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });

/** The command that runs `argv` on one core. */
export const pinned = (core: number | undefined, argv: readonly string[]): readonly [string, string[]] => {
  const [command = '', ...args] = core === undefined ? argv : ['taskset', '-c', String(core), ...argv];
  return [command, args];
};

const allowedList = (): string => {
  try {
    return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  } catch {
    return '0';
  }
};
