import { gunzipSync } from 'node:zlib';
import { release } from 'node:os';
import { fileFromTar } from './tar.mjs';

const ANSWER_WITHIN_MS = 20_000;
const COMPLETE_WITHIN_MS = 120_000;

/**
 * Where mediasoup's own install script finds its prebuilt worker. That script is not used, because it falls into a
 * build that needs pip as soon as the download fails.
 * @param {{ version: string, platform: string, arch: string, kernel: string, baseUrl?: string }} options
 */
export function prebuiltUrl({ version, platform, arch, kernel, baseUrl }) {
  const base = baseUrl ?? 'https://github.com/versatica/mediasoup/releases/download';
  const system = platform === 'linux' ? `${platform}-${arch}-kernel${kernel.split('.')[0]}` : `${platform}-${arch}`;
  return `${base}/${version}/mediasoup-worker-${version}-${system}.tgz`;
}

/**
 * Fetches mediasoup's prebuilt worker.
 * @param {{ version: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Buffer>} the binary
 * @throws {Error} when there is none for this system, no network, or no end to it
 */
export async function downloadWorker({ version, env }) {
  const url = prebuiltUrl({
    version,
    platform: process.platform,
    arch: process.arch,
    kernel: release(),
    baseUrl: env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL,
  });
  const archive = await fetchBounded(url);
  const name = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
  const binary = fileFromTar(gunzipSync(archive), name);
  if (!binary) throw new Error(`${url} holds no ${name}`);
  return binary;
}

async function fetchBounded(url) {
  const answer = new AbortController();
  const timer = setTimeout(
    () => answer.abort(new Error(`no answer in ${ANSWER_WITHIN_MS / 1000} s`)),
    ANSWER_WITHIN_MS,
  );
  try {
    const signal = AbortSignal.any([answer.signal, AbortSignal.timeout(COMPLETE_WITHIN_MS)]);
    const response = await fetch(url, { signal });
    clearTimeout(timer);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const cause = error.cause?.code ?? error.cause?.message;
    throw new Error(`${url}: ${cause ?? error.message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
