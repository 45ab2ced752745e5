import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildWorker } from '../../mediasoup-worker/build.mjs';
import { contentHash } from '../content-hash.mjs';
import { withLock } from '../lock.mjs';
import { SetupError, messageOf } from '../setup-error.mjs';
import { writeAtomically } from '../stamp.mjs';
import { cachedWorkerPath } from './cache.mjs';
import { proveWorker, workerComplaint } from './check.mjs';
import { downloadWorker } from './download.mjs';
import { workerSources } from './sources.mjs';

const PART = 'mediasoup worker';

/**
 * Gets a media worker that runs here.
 * @param {{
 *   root: string, cacheDir: string, env: NodeJS.ProcessEnv, apt: { install(request: object): Promise<void> },
 *   report: (what: string, detail?: string) => void, say: (line: string) => void,
 * }} options
 * @returns {Promise<string>} the binary's path
 * @throws {SetupError} when no source gives one
 */
export async function getWorker(options) {
  const { root, cacheDir, env } = options;
  const mediasoup = join(root, 'node_modules/mediasoup');
  const { version } = JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8'));
  const recipeHash = contentHash(root, ['infra/mediasoup-worker/recipe']);
  const { platform, arch } = process;
  const path = cachedWorkerPath({ cacheDir, version, platform, arch, recipeHash });

  const given = env.MEDIASOUP_WORKER_BIN;
  const facts = { given, skipDownload: Boolean(env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD), platform };
  const quick = await firstThatWorks(workerSources({ ...facts, cached: existsSync(path) }).filter(isLocal), {
    given: () => useGiven(given),
    cached: () => useCached(path),
  });
  if (quick.path) return quick.path;
  return withLock(join(cacheDir, 'worker.lock'), {
    onWait: (pid) => options.report(`waiting for process ${pid}, which is getting it`),
    work: async () => {
      const found = await firstThatWorks(workerSources({ ...facts, cached: existsSync(path) }), {
        cached: () => useCached(path),
        downloaded: () => download({ ...options, version, path }),
        built: () => build({ ...options, mediasoup, path }),
      });
      if (found.path) return found.path;
      throw new SetupError({
        part: PART,
        why: found.complaints.join('\n') || `there is no worker for ${platform}`,
        cure: 'a network that reaches github.com, or a worker built elsewhere, named by MEDIASOUP_WORKER_BIN=/path',
      });
    },
  });
}

const isLocal = (source) => source === 'given' || source === 'cached';

async function firstThatWorks(sources, ways) {
  const complaints = [];
  for (const source of sources) {
    try {
      return { path: await ways[source](), complaints };
    } catch (error) {
      if (error instanceof SetupError) throw error;
      complaints.push(messageOf(error));
    }
  }
  return { path: undefined, complaints };
}

async function useGiven(path) {
  const complaint = await workerComplaint(path);
  if (complaint === undefined) return path;
  const why = `MEDIASOUP_WORKER_BIN names a binary that cannot be used: ${complaint}`;
  throw new SetupError({
    part: PART,
    why,
    cure: 'correct MEDIASOUP_WORKER_BIN, or unset it to have one fetched or built',
  });
}

/** A binary of the cache may have lost its libraries to an upgrade of the system. */
async function useCached(path) {
  const complaint = await workerComplaint(path);
  if (complaint !== undefined) throw new Error(complaint);
  return path;
}

async function download({ root, env, report, say, version, path }) {
  report('downloading');
  try {
    return await keep({ root, env, path, content: await downloadWorker({ version, env }) });
  } catch (error) {
    say(`mediasoup worker: no prebuilt one to be had (${messageOf(error)})`);
    throw error;
  }
}

async function build({ root, cacheDir, env, apt, report, mediasoup, path }) {
  const take = async (binary) => void (await keep({ root, env, path, content: readFileSync(binary) }));
  await buildWorker({ workerSource: join(mediasoup, 'worker'), cacheDir, env, apt, report, take });
  return path;
}

/** Only a worker that has been seen to work gets into the cache under its name. */
async function keep({ root, env, path, content }) {
  const candidate = `${path}.${process.pid}.candidate`;
  try {
    writeAtomically(candidate, content, 0o755);
    const complaint = (await workerComplaint(candidate)) ?? (await proveWorker({ root, binary: candidate, env }));
    if (complaint !== undefined) throw new Error(complaint);
    writeAtomically(path, content, 0o755);
    return path;
  } finally {
    rmSync(candidate, { force: true });
  }
}
