import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { DIST, ROOT } from './setup/paths.mjs';
import { SetupError } from './setup/setup-error.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a bundle in the foreground until it ends: signals are handed on and the exit code is passed back.
 * @param {{ bundle: string, args: string[], env: NodeJS.ProcessEnv }} options `bundle` such as `main` for dist/main.js
 * @returns {Promise<number>} the exit code; 128 + the signal's number when a signal ended it
 */
export async function runBundle({ bundle, args, env }) {
  const file = join(DIST, `${bundle}.js`);
  if (!existsSync(file)) {
    const why = `there is no source for dist/${bundle}.js`;
    throw new SetupError({ part: bundle, why, cure: 'git status shows which files are missing' });
  }
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], { cwd: ROOT, env, stdio: 'inherit' });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the whole foreground group, so the child has had it already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
