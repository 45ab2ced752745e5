/** `node infra/run.mjs NAME …`: sets up what is missing and runs dist/NAME.js with the rest of the arguments. */
import { runBundle } from './product.mjs';
import { orExit, setUp } from './setup/setup.mjs';

const [bundle, ...args] = process.argv.slice(2);
if (!/^[a-z][a-z0-9-]*$/.test(bundle ?? '')) {
  console.error('usage: node infra/run.mjs NAME [ARGUMENTS], such as: node infra/run.mjs call 4000');
  process.exit(2);
}
const { workerBin } = await orExit(setUp({ env: process.env }));
process.exit(await orExit(runBundle({ bundle, args, env: { ...process.env, MEDIASOUP_WORKER_BIN: workerBin } })));
