/**
 * CPU time of this process and everything below it, by what each process is (Linux: /proc/PID/stat and cmdline). The
 * kernel counts in ticks, as a rule of 10 ms: only sums over many calls mean something.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { rounded } from './percentiles';

/** The product's processes. */
export const PRODUCT_ROLES = ['edge', 'media', 'mediasoup_worker', 'app', 'store', 'main'] as const;
/** Beside the product: the browsers, this process, and what starts the product and then only waits. */
export const ROLES = [...PRODUCT_ROLES, 'browser', 'caller', 'other'] as const;
export type Role = (typeof ROLES)[number];
export type CpuMsByRole = Readonly<Record<Role, number>>;

export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  /** User and system time together, in the kernel's ticks. */
  readonly cpuTicks: number;
}

/** One process at one moment. */
export interface ProcessCpu extends ProcessStat {
  readonly role: Role;
}

/**
 * Reads the text of /proc/PID/stat. The name of the program stands in brackets and may itself hold blanks and brackets.
 * Undefined when the text is something else.
 */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const match = /^(\d+) \(.*\) (.+)$/s.exec(text);
  if (!match) return undefined;
  // Counted from the state, which proc(5) numbers 3: the parent is field 4, utime 14, stime 15.
  const fields = (match[2] ?? '').trim().split(' ').map(Number);
  const [parentPid = NaN, userTicks = NaN, systemTicks = NaN] = [fields[1], fields[11], fields[12]];
  const stat = { pid: Number(match[1]), parentPid, cpuTicks: userTicks + systemTicks };
  return Number.isSafeInteger(stat.parentPid) && Number.isSafeInteger(stat.cpuTicks) ? stat : undefined;
}

/** What a process is, by its command line. */
export function roleOf(argv: readonly string[]): Role {
  const program = basename(argv[0] ?? '');
  if (program.startsWith('mediasoup-worker')) return 'mediasoup_worker';
  if (program.startsWith('chrom')) return 'browser';
  const bundle = argv.map((word) => /(?:^|\/)dist\/(edge|media|app|store|main)\.js$/.exec(word)?.[1]).find(Boolean);
  return (bundle as Role | undefined) ?? 'other';
}

/** The processes that descend from `rootPid`, itself included. */
export function descendantsOf<Process extends ProcessStat>(rootPid: number, all: readonly Process[]): Process[] {
  const tree = all.filter(({ pid }) => pid === rootPid);
  for (let index = 0; index < tree.length; index += 1)
    tree.push(...all.filter(({ pid, parentPid }) => parentPid === tree[index]?.pid && pid !== rootPid));
  return tree;
}

/** A figure for each role, to a tenth. */
export const byRole = (figure: (role: Role) => number): CpuMsByRole =>
  Object.fromEntries(ROLES.map((role) => [role, rounded(figure(role))])) as Record<Role, number>;

/** What each role has used between two moments. A process that began in between counts from its beginning. */
export function cpuMsBetween(
  before: readonly ProcessCpu[],
  after: readonly ProcessCpu[],
  ticksPerSecond: number,
): CpuMsByRole {
  const earlier = new Map(before.map(({ pid, cpuTicks }) => [pid, cpuTicks]));
  const ticksOf = (role: Role): number =>
    after.reduce(
      (sum, { pid, role: its, cpuTicks }) => (its === role ? sum + cpuTicks - (earlier.get(pid) ?? 0) : sum),
      0,
    );
  return byRole((role) => (ticksOf(role) * 1000) / ticksPerSecond);
}

/** What each role uses while `act` runs, and how long that takes. */
export async function cpuDuring(act: () => Promise<void>): Promise<{ cpuMs: CpuMsByRole; elapsedMs: number }> {
  const ticksPerSecond = kernelTicksPerSecond();
  const startedMs = performance.now();
  const before = cpuSnapshot();
  await act();
  return { cpuMs: cpuMsBetween(before, cpuSnapshot(), ticksPerSecond), elapsedMs: performance.now() - startedMs };
}

/** This process and all below it, now. */
function cpuSnapshot(): ProcessCpu[] {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => parseProcessStat(readIfThere(`/proc/${pid}/stat`)))
    .filter((stat) => stat !== undefined);
  return descendantsOf(process.pid, stats).map((stat) => ({
    ...stat,
    role: stat.pid === process.pid ? 'caller' : roleOf(readIfThere(`/proc/${stat.pid}/cmdline`).split('\0')),
  }));
}

const kernelTicksPerSecond = (): number => Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Empty for a process that has ended meanwhile. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
