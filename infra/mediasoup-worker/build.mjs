import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../setup/setup-error.mjs';
import { run } from '../setup/run.mjs';
import { BUILD_PACKAGES } from './packages.mjs';
import { CONFIGURE_ARGUMENTS, NINJA_TARGETS, prepareSource } from './recipe/recipe.mjs';

const PART = 'mediasoup worker';
const BUILD_TIMEOUT_MS = 3_600_000;
const FOLDER_PREFIX = 'build-';

/**
 * Builds the worker from the source in mediasoup's npm package against the system's libraries: five minutes on two
 * cores. The caller holds the cache's lock.
 * @param {{
 *   workerSource: string, cacheDir: string, env: NodeJS.ProcessEnv,
 *   apt: { install(request: object): Promise<void> },
 *   report: (what: string, detail?: string) => void,
 *   take: (binary: string) => Promise<void>,
 * }} options `take` gets the binary's path before the build's folder is removed
 * @throws {SetupError} that says which part is missing, why, and what would do it
 */
export async function buildWorker({ workerSource, cacheDir, env, apt, report, take }) {
  const missing = Object.keys(BUILD_PACKAGES).filter((name) => !existsSync(BUILD_PACKAGES[name]));
  if (missing.length > 0) await apt.install({ part: PART, packages: missing, report });
  removeLeftOvers(cacheDir);
  const folder = join(cacheDir, `${FOLDER_PREFIX}${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    await take(await compile({ folder, workerSource, env, report }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds that were killed leave their folders. */
function removeLeftOvers(cacheDir) {
  if (!existsSync(cacheDir)) return;
  for (const name of readdirSync(cacheDir).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    rmSync(join(cacheDir, name), { recursive: true, force: true });
  }
}

async function compile({ folder, workerSource, env, report }) {
  const source = join(folder, 'source');
  const out = join(folder, 'out');
  const must = async (command, args, options) => {
    const { code, output } = await run(command, args, { env, timeoutMs: BUILD_TIMEOUT_MS, ...options });
    if (code === 0) return;
    const why = `the local build failed, ${command} ended with ${code}:\n${output}`;
    throw new SetupError({ part: PART, why, cure: 'a worker built elsewhere, named by MEDIASOUP_WORKER_BIN=/path' });
  };

  report('preparing the build');
  prepareSource({ workerSource, target: source });
  await must('meson', ['setup', ...CONFIGURE_ARGUMENTS, out, source], {});
  report('building');
  for (const target of NINJA_TARGETS) {
    const onLine = (line) => {
      const files = /^\[(\d+)\/(\d+)\]/.exec(line);
      if (files) report('building', `${files[1]} of ${files[2]} files`);
    };
    await must('ninja', ['-j', String(availableParallelism()), target], { cwd: out, onLine });
  }
  const binary = join(out, 'mediasoup-worker');
  await must('strip', [binary], {});
  return binary;
}
