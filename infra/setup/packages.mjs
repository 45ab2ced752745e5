import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from './content-hash.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { isStamped, writeStamp } from './stamp.mjs';

/**
 * Installs the packages of the lock file when node_modules does not hold exactly them.
 * @param {{ root: string, env: NodeJS.ProcessEnv, report: (what: string, detail?: string) => void }} options
 */
export async function installPackages({ root, env, report }) {
  const stampFile = join(root, 'node_modules/.switchroom-packages');
  const hash = contentHash(root, ['package-lock.json']);
  if (isStamped(stampFile, hash)) return;
  if (!isInstalled(root)) {
    report('installing');
    const [command, args] = npmCommand(env, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
    const { code, output } = await run(command, args, { cwd: root, env });
    if (code !== 0) {
      const why = `npm ci ended with ${code}:\n${output}`;
      throw new SetupError({ part: 'packages', why, cure: 'npm ci (with a way to the package registry)' });
    }
  }
  writeStamp(stampFile, hash);
}

/** The npm that started us, else the one in PATH. @param {NodeJS.ProcessEnv} env @param {string[]} args */
export const npmCommand = (env, args) =>
  env.npm_execpath?.endsWith('.js') ? [process.execPath, [env.npm_execpath, ...args]] : ['npm', args];

/** Whether npm's own record of what it installed holds what the lock file asks for, as after a developer's `npm install`. */
function isInstalled(root) {
  try {
    const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    return satisfies(read('package-lock.json'), read('node_modules/.package-lock.json'));
  } catch {
    return false; // no record: nothing is installed, or half of it
  }
}

/**
 * Whether every package that `wanted` needs here is in `installed` with the same content. Optional packages for other
 * systems may be absent.
 * @param {Record<string, LockEntry>} wanted
 * @param {Record<string, LockEntry>} installed
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[] }} LockEntry
 */
export function satisfies(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed[path];
    if (there === undefined) return entry.optional === true && !isForHere(entry);
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

/** A package that names no system is taken to be left out for a reason that npm knows. */
const isForHere = ({ os, cpu, libc }) =>
  os !== undefined && os.includes(process.platform) && (cpu?.includes(process.arch) ?? true) && libc === undefined;
