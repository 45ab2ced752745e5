/**
 * The set-up: makes a fresh clone able to run, with nothing but Node's built-ins, and takes no time when there is nothing
 * to do. `node infra/setup/setup.mjs` runs it alone.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createApt } from './apt.mjs';
import { bundleServer } from './bundles.mjs';
import { withLock } from './lock.mjs';
import { nodeComplaint } from './node-version.mjs';
import { installPackages } from './packages.mjs';
import { DIST, LOCAL_CACHE, ROOT, sharedCache } from './paths.mjs';
import { createProgress } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';
import { getSpeechEngine } from './speech.mjs';
import { getTestTools } from './test-tools.mjs';
import { buildWeb } from './web.mjs';
import { getWorker } from './worker/worker.mjs';

/**
 * Everything that running or testing the product needs.
 * @param {{ env: NodeJS.ProcessEnv, forTests?: boolean }} options
 * @returns {Promise<{ workerBin: string, missingTools: string[] }>}
 * @throws {SetupError} that says which part is missing, why, and what would do it
 */
export async function setUp({ env, forTests = false }) {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint) throw new SetupError({ part: 'Node', why: complaint, cure: 'https://nodejs.org/en/download' });

  const progress = createProgress({ stream: process.stderr, of: forTests ? 6 : 5 });
  const { say, step } = progress;
  const apt = createApt({ env });
  return withLock(join(LOCAL_CACHE, 'setup.lock'), {
    onWait: onceAWhile((pid) => say(`waiting for another set-up, process ${pid}`)),
    work: async () => {
      await step('packages', (report) => installPackages({ root: ROOT, env, report }));
      const workerBin = await step('mediasoup worker', (report) =>
        getWorker({ root: ROOT, cacheDir: sharedCache(env), env, apt, report, say }),
      );
      await step('speech engine', (report) => getSpeechEngine({ env, apt, report, say }));
      await step('web app', (report) => buildWeb({ root: ROOT, dist: DIST, env, report }));
      await step('server', (report) => bundleServer({ root: ROOT, dist: DIST, report }));
      const missingTools = forTests
        ? await step('test tools', (report) => getTestTools({ env, apt, report, say }))
        : [];
      return { workerBin, missingTools };
    },
  });
}

/** Only the packages: what the checks of the source need. @param {{ env: NodeJS.ProcessEnv }} options */
export async function setUpPackages({ env }) {
  const { say, step } = createProgress({ stream: process.stderr, of: 1 });
  await withLock(join(LOCAL_CACHE, 'setup.lock'), {
    onWait: onceAWhile((pid) => say(`waiting for another set-up, process ${pid}`)),
    work: () => step('packages', (report) => installPackages({ root: ROOT, env, report })),
  });
}

/** For the entry files: an error that has been foreseen is shown as a sentence, any other with its trace. */
export async function orExit(work) {
  try {
    return await work;
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${messageOf(error)}\n` : error);
    process.exit(1);
  }
}

function onceAWhile(tell) {
  let lastMs = -Infinity;
  return (pid) => {
    if (performance.now() - lastMs < 10_000) return;
    lastMs = performance.now();
    tell(pid);
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { workerBin } = await orExit(setUp({ env: process.env }));
  console.error(`set up; the media worker is ${workerBin}`);
}
