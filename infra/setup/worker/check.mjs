import { join } from 'node:path';
import { run } from '../run.mjs';

/** The worker ends with this code when it is started without MEDIASOUP_VERSION (its src/main.cpp). */
const RUNS_HERE = 41;

/**
 * Whether the binary runs on this system: its libraries are there and its processor is this one. Takes milliseconds.
 * @param {string} binary
 * @returns {Promise<string | undefined>} what is wrong, or nothing
 */
export async function workerComplaint(binary) {
  const { code, output } = await run(binary, [], { env: {}, timeoutMs: 5_000 });
  return code === RUNS_HERE ? undefined : `${binary} does not run here: ${output || `it ended with code ${code}`}`;
}

/**
 * Starts the worker the way the product does and makes a router with G.711, over mediasoup itself.
 * @param {{ root: string, binary: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string | undefined>} what is wrong, or nothing
 */
export async function proveWorker({ root, binary, env }) {
  const script = join(root, 'infra/mediasoup-worker/prove.mjs');
  const options = { cwd: root, env: { ...env, MEDIASOUP_WORKER_BIN: binary }, timeoutMs: 20_000 };
  const { code, output } = await run(process.execPath, [script, '--quick'], options);
  return code === 0 ? undefined : `${binary} does not work: ${output}`;
}
