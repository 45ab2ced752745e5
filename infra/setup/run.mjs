import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const KEPT_FIRST_LINES = 12;
const KEPT_LAST_LINES = 30;

/**
 * Runs a command to its end and keeps the first and the last lines of what it printed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onLine?: (line: string) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 when the command does not exist, 124 when it took too long
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const first = [];
    const last = [];
    let left = 0;
    const keep = (line) => {
      if (first.length < KEPT_FIRST_LINES) first.push(line);
      else if (last.push(line) > KEPT_LAST_LINES) left += 1;
      if (last.length > KEPT_LAST_LINES) last.shift();
      options.onLine?.(line);
    };
    createInterface({ input: child.stdout }).on('line', keep);
    createInterface({ input: child.stderr }).on('line', keep);
    let late = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          late = true;
          child.kill('SIGKILL');
        }, options.timeoutMs)
      : undefined;
    const end = (code, lastWord) => {
      clearTimeout(timer);
      const gap = left > 0 ? [`… (${left} lines)`] : [];
      resolve({ code, output: [...first, ...gap, ...last, ...(lastWord ? [lastWord] : [])].join('\n') });
    };
    child.once('error', (error) => end(127, error.message));
    child.once('close', (code) =>
      end(late ? 124 : (code ?? 1), late ? `took longer than ${options.timeoutMs} ms` : ''),
    );
  });
}
