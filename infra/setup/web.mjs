import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from './content-hash.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { isStamped, writeStamp } from './stamp.mjs';

const SOURCES = ['agent-web', 'api/contract', 'base', 'package-lock.json', 'infra/setup/web.mjs'];

/**
 * Builds the agents' web app into `dist/web`, when one of its sources has changed. It is built beside and put in place
 * whole, so that a running server never serves half of it.
 * @param {{ root: string, dist: string, env: NodeJS.ProcessEnv, report: (what: string, detail?: string) => void }} options
 */
export async function buildWeb({ root, dist, env, report }) {
  const app = join(root, 'agent-web');
  if (!existsSync(join(app, 'index.html'))) return;
  const hash = contentHash(root, SOURCES);
  const stampFile = join(dist, '.web-stamp');
  const target = join(dist, 'web');
  if (existsSync(join(target, 'index.html')) && isStamped(stampFile, hash)) return;

  report('building');
  const beside = join(dist, 'web.new');
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', app, '--outDir', beside, '--emptyOutDir', '--logLevel', 'warn'];
  const { code, output } = await run(process.execPath, args, { cwd: root, env: { ...env, NODE_ENV: 'production' } });
  if (code !== 0) {
    const cure = 'npx vite build agent-web shows the whole error';
    throw new SetupError({ part: 'web app', why: `vite ended with ${code}:\n${output}`, cure });
  }
  const old = join(dist, 'web.old');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(beside, target);
  rmSync(old, { recursive: true, force: true });
  writeStamp(stampFile, hash);
}
