import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_CACHE, ROOT } from '../setup/paths.mjs';

/**
 * Runs one stage; what Jest says goes to stderr, or nowhere.
 * @param {{ jestArgs: string[], env: NodeJS.ProcessEnv, output?: 'inherit' | 'ignore' }} options
 * @returns {Promise<{ code: number, results: import('./totals.mjs').JestResults | undefined }>}
 */
export async function runJest({ jestArgs, env, output = 'inherit' }) {
  mkdirSync(LOCAL_CACHE, { recursive: true });
  const outputFile = join(LOCAL_CACHE, `jest-${process.pid}.json`);
  const args = [join(ROOT, 'node_modules/jest/bin/jest.js'), '--json', '--outputFile', outputFile];
  const child = spawn(process.execPath, [...args, ...jestArgs], {
    cwd: ROOT,
    env,
    stdio: ['inherit', 'ignore', output],
  });
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
  const results = existsSync(outputFile) ? JSON.parse(readFileSync(outputFile, 'utf8')) : undefined;
  rmSync(outputFile, { force: true });
  return { code, results };
}
