/** Where and when a benchmark ran: a figure without it means nothing. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { rounded } from './percentiles';

export interface Where {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memory_gib: number };
  readonly node: string;
  readonly date: string;
  /** With `+changes` when the source differs from it; `unknown` outside of a clone. */
  readonly commit: string;
  /** Processes that ran or waited to run, averaged over the last minute: above the cores, others were in the way. */
  readonly load_1m_at_start: number;
}

export const whereItRuns = (): Where => ({
  machine: {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory_gib: rounded(totalmem() / 2 ** 30),
  },
  node: process.version,
  date: new Date().toISOString(),
  commit: commit(),
  load_1m_at_start: rounded(loadavg()[0] ?? NaN, 2),
});

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+changes' : '');
  } catch {
    return 'unknown';
  }
}
