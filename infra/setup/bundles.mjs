import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { contentHash } from './content-hash.mjs';
import { SetupError } from './setup-error.mjs';
import { isStamped, writeAtomically, writeStamp } from './stamp.mjs';

/** Every process of the product and every command is one bundle: source → dist/NAME.js. */
const ENTRIES = [
  'main.ts',
  'main/app.ts',
  'main/edge.ts',
  'main/media.ts',
  'main/media-host.ts',
  'main/store.ts',
  'main/simulate.ts',
  'infra/caller/call.ts',
];

/** What can end up in a server bundle, and what decides how. */
const SERVER_ROOMS = [
  'base',
  'signaling',
  'media',
  'acd',
  'flows',
  'store',
  'calls',
  'api',
  'main',
  'main.ts',
  'infra/caller',
];
const MAKERS = ['package-lock.json', 'tsconfig.json', 'infra/setup/bundles.mjs'];

/** @param {string} entry @returns {string} such as `app` for `main/app.ts` */
const nameOf = (entry) => entry.replace(/^.*\//, '').replace(/\.ts$/, '');

/**
 * Bundles the server's processes into `dist`, when a source has changed.
 * @param {{ root: string, dist: string, report: (what: string, detail?: string) => void }} options
 */
export async function bundleServer({ root, dist, report }) {
  const entries = ENTRIES.filter((entry) => existsSync(join(root, entry)));
  const hash = contentHash(root, [...SERVER_ROOMS, ...MAKERS]);
  const stampFile = join(dist, '.server-stamp');
  const complete = entries.every((entry) => existsSync(join(dist, `${nameOf(entry)}.js`)));
  if (complete && isStamped(stampFile, hash)) return;
  report('bundling');
  await bundle({ root, dist, entries: Object.fromEntries(entries.map((entry) => [nameOf(entry), entry])) });
  writeStamp(stampFile, hash);
}

/**
 * Bundles for Node 20.19; packages stay outside. Whole files appear at once, so that a process that is being restarted
 * never reads half of one.
 * @param {{ root: string, dist: string, entries: Record<string, string> }} options entries: bundle's name → source file
 * @throws {SetupError} with esbuild's own account of what does not compile
 */
export async function bundle({ root, dist, entries }) {
  const { build } = createRequire(join(root, 'package.json'))('esbuild');
  const options = {
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ out, in: join(root, source) })),
    outdir: dist,
    bundle: true,
    write: false,
    platform: 'node',
    packages: 'external',
    format: 'cjs',
    sourcemap: true,
    target: 'node20.19',
    logLevel: 'silent',
  };
  try {
    const { outputFiles } = await build(options);
    for (const { path, contents } of outputFiles) writeAtomically(path, contents);
  } catch (error) {
    const why = `the source does not compile:\n${sentences(error)}`;
    throw new SetupError({ part: 'server', why, cure: 'npm run check shows every error in the source' });
  }
}

function sentences(error) {
  if (!Array.isArray(error.errors)) return String(error);
  return error.errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    .join('\n');
}
