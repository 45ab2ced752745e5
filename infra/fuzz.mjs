/**
 * `npm run fuzz`: all fuzz tests. `npm run fuzz -- NAME …`: the long run test/fuzz/long/NAME.ts with the other arguments,
 * or, where there is none, the fuzz tests whose names begin so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from './product.mjs';
import { bundle } from './setup/bundles.mjs';
import { DIST, ROOT } from './setup/paths.mjs';
import { orExit, setUp } from './setup/setup.mjs';

const [name = '', ...args] = process.argv.slice(2);
if (name !== '' && !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error('usage: npm run fuzz [-- NAME …], where NAME is the beginning of a test in test/fuzz, such as sip');
  process.exit(2);
}
const source = join('test/fuzz/long', `${name}.ts`);
if (name !== '' && existsSync(join(ROOT, source))) {
  await orExit(setUp({ env: process.env }));
  await orExit(bundle({ root: ROOT, dist: DIST, entries: { [`fuzz/${name}`]: source } }));
  process.exit(await orExit(runBundle({ bundle: `fuzz/${name}`, args, env: process.env })));
}
const tests = spawnSync(process.execPath, [join(ROOT, 'infra/test.mjs'), `test/fuzz/${name}`, ...args], {
  stdio: 'inherit',
});
process.exit(tests.status ?? 1);
