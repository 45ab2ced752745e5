/** `npm run faults -- --contacts 10000 --seed N --json`: sets up what is missing, then runs test/faults/faults.ts. */
import { runBundle } from './product.mjs';
import { bundle } from './setup/bundles.mjs';
import { DIST, ROOT } from './setup/paths.mjs';
import { orExit, setUp } from './setup/setup.mjs';

const { workerBin } = await orExit(setUp({ env: process.env }));
await orExit(bundle({ root: ROOT, dist: DIST, entries: { 'faults/faults': 'test/faults/faults.ts' } }));
const env = { ...process.env, MEDIASOUP_WORKER_BIN: workerBin };
process.exit(await orExit(runBundle({ bundle: 'faults/faults', args: process.argv.slice(2), env })));
