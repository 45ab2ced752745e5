/** `npm run check`: type check, lint and formatting. Everything is run, so that one round shows everything. */
import { pathToFileURL } from 'node:url';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { orExit, setUpPackages } from './setup/setup.mjs';

const CHECKS = [
  { name: 'types', script: 'typescript/bin/tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'lint', script: 'eslint/bin/eslint.js', args: ['.'] },
  { name: 'formatting', script: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
];

/** @returns {Promise<string[]>} the checks that failed; what they found has been printed to stderr */
export async function check() {
  const outcomes = await Promise.all(CHECKS.map(runCheck));
  const failed = [];
  for (const [index, { name }] of CHECKS.entries()) {
    const { code, output } = outcomes[index];
    console.error(`${name}: ${code === 0 ? 'ok' : 'FAILED'}`);
    if (output.trim() !== '') console.error(output);
    if (code !== 0) failed.push(name);
  }
  return failed;
}

function runCheck({ script, args }) {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await orExit(setUpPackages({ env: process.env }));
  process.exit((await check()).length === 0 ? 0 : 1);
}
