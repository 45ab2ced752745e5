/** `npm run soak -- --minutes 30 --calls 50 --seed N --json`: sets up what is missing, then runs test/soak/soak.ts. */
import { runBundle } from './product.mjs';
import { bundle } from './setup/bundles.mjs';
import { DIST, ROOT } from './setup/paths.mjs';
import { orExit, setUp } from './setup/setup.mjs';

const { workerBin } = await orExit(setUp({ env: process.env }));
await orExit(bundle({ root: ROOT, dist: DIST, entries: { 'soak/soak': 'test/soak/soak.ts' } }));
const env = { ...process.env, MEDIASOUP_WORKER_BIN: workerBin };
process.exit(await orExit(runBundle({ bundle: 'soak/soak', args: process.argv.slice(2), env })));
