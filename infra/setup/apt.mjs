import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

const UPDATE_TIMEOUT_MS = 180_000;
const INSTALL_TIMEOUT_MS = 900_000;

/** @param {string} program @param {NodeJS.ProcessEnv} env @returns {string | undefined} where in PATH (and the sbin folders) it is */
export function findProgram(program, env) {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string[]} packages */
export const aptCommand = (packages) =>
  `sudo apt-get update && sudo apt-get install --no-install-recommends ${packages.join(' ')}`;

/**
 * Why Debian packages cannot be installed here, and how they are when they can: as root, or with a sudo that asks for
 * nothing, or with one that can ask because there is a terminal.
 * @param {{ isRoot: boolean, hasApt: boolean, hasSudo: boolean, sudoIsSilent: boolean, hasTerminal: boolean }} facts
 * @returns {{ prefix: string[] } | { why: string }}
 */
export function aptAccess({ isRoot, hasApt, hasSudo, sudoIsSilent, hasTerminal }) {
  if (!hasApt) return { why: 'this system has no apt-get' };
  if (isRoot) return { prefix: [] };
  if (!hasSudo) return { why: 'you are not root and there is no sudo' };
  if (sudoIsSilent) return { prefix: ['sudo', '-n'] };
  if (hasTerminal) return { prefix: ['sudo'] };
  return { why: 'sudo asks for a password and there is no terminal to type it in' };
}

/**
 * An installer of Debian packages that updates the package lists at most once.
 * @param {{ env: NodeJS.ProcessEnv }} options
 */
export function createApt({ env }) {
  let hasUpdated = false;

  const access = async () => {
    const hasSudo = findProgram('sudo', env) !== undefined;
    const isRoot = process.getuid?.() === 0;
    return aptAccess({
      isRoot,
      hasApt: findProgram('apt-get', env) !== undefined,
      hasSudo,
      sudoIsSilent: hasSudo && !isRoot && (await run('sudo', ['-n', 'true'], { env })).code === 0,
      hasTerminal: process.stdin.isTTY === true,
    });
  };

  const apt = async (prefix, args, timeoutMs) => {
    // sudo drops the environment; `env` on its far side keeps the installation from asking questions.
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return run(command, rest, { env, timeoutMs });
  };

  return {
    /**
     * @param {{ part: string, packages: string[], report: (what: string, detail?: string) => void }} request
     * @throws {SetupError} that names the part, why, and the command
     */
    async install({ part, packages, report }) {
      const cure = aptCommand(packages);
      const how = await access();
      if ('why' in how)
        throw new SetupError({ part, why: `${how.why}, so ${packages.join(', ')} cannot be installed`, cure });
      if (!hasUpdated) {
        report('updating the package lists');
        // A list that one mirror failed to give need not matter: the installation will tell.
        await apt(how.prefix, ['update', '-q'], UPDATE_TIMEOUT_MS);
        hasUpdated = true;
      }
      report(`installing ${packages.join(' ')}`);
      const args = ['install', '-q', '-y', '--no-install-recommends', ...packages];
      const install = await apt(how.prefix, args, INSTALL_TIMEOUT_MS);
      if (install.code !== 0) throw new SetupError({ part, why: `apt-get failed:\n${install.output}`, cure });
    },
  };
}
