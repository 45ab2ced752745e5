/** `npm run bench -- NAME --json`: sets up what is missing, then runs test/bench/NAME.ts. Standard output is its alone. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from './product.mjs';
import { bundle } from './setup/bundles.mjs';
import { DIST, ROOT } from './setup/paths.mjs';
import { orExit, setUp } from './setup/setup.mjs';

const FOLDER = 'test/bench';
const [name, ...args] = process.argv.slice(2);
const source = join(FOLDER, `${name}.ts`);
if (!/^[a-z][a-z0-9-]*$/.test(name ?? '') || !existsSync(join(ROOT, source))) {
  const files = existsSync(join(ROOT, FOLDER)) ? readdirSync(join(ROOT, FOLDER)) : [];
  const names = files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
  console.error(`usage: npm run bench -- NAME [--json], where NAME is one of: ${names.join(', ') || '(none yet)'}`);
  process.exit(2);
}
const { workerBin } = await orExit(setUp({ env: process.env }));
await orExit(bundle({ root: ROOT, dist: DIST, entries: { [`bench/${name}`]: source } }));
const env = { ...process.env, MEDIASOUP_WORKER_BIN: workerBin };
process.exit(await orExit(runBundle({ bundle: `bench/${name}`, args, env })));
