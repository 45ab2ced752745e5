/** Runs SIPp in a folder of its own, on loopback. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SippOutcome {
  readonly exitCode: number;
  /** The end of what SIPp wrote; empty when all went well. */
  readonly output: string;
}

/** Every call of the scenario went as written. */
export const PLAYED: SippOutcome = { exitCode: 0, output: '' };

const TIMEOUT_MS = 55_000;

/** Resolves when SIPp has ended, which it must within 55 s. */
export const runSipp = (args: readonly string[]): Promise<SippOutcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'sipp-'));
  const all = ['-i', '127.0.0.1', '-nostdin', ...args];
  return new Promise((resolve) => {
    const child = execFile('sipp', all, { cwd: folder, timeout: TIMEOUT_MS }, (_error, stdout, stderr) => {
      rmSync(folder, { recursive: true, force: true });
      const exitCode = child.exitCode ?? -1;
      resolve({ exitCode, output: exitCode === 0 ? '' : `${stdout}${stderr}`.slice(-6_000) });
    });
  });
};
