/** `npm start`: sets up what is missing and runs the product until Ctrl-C. */
import { runBundle } from './product.mjs';
import { orExit, setUp } from './setup/setup.mjs';

const { workerBin } = await orExit(setUp({ env: process.env }));
const env = { ...process.env, MEDIASOUP_WORKER_BIN: workerBin };
process.exit(await orExit(runBundle({ bundle: 'main', args: process.argv.slice(2), env })));
