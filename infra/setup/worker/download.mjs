import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { fetchBounded } from './fetch-bounded.mjs';
import { onlyFileOfTar } from './tar.mjs';

/** mediasoup's own repository. */
const RELEASES = 'https://github.com/versatica/mediasoup/releases/download';

// The workers of mediasoup 3 have some 10 MB packed and 30 MB unpacked.
const MOST_PACKED_BYTES = 64 * 2 ** 20;
const MOST_UNPACKED_BYTES = 256 * 2 ** 20;
const LEAST_BINARY_BYTES = 2 ** 20;

/**
 * Where mediasoup's own install script finds its prebuilt worker. That script is not used, because it falls into a
 * build that needs pip as soon as the download fails.
 * @param {{ version: string, platform: string, arch: string, kernel: string, baseUrl?: string }} options
 */
export function prebuiltUrl({ version, platform, arch, kernel, baseUrl }) {
  const base = baseUrl ?? RELEASES;
  const system = platform === 'linux' ? `${platform}-${arch}-kernel${kernel.split('.')[0]}` : `${platform}-${arch}`;
  return `${base}/${version}/mediasoup-worker-${version}-${system}.tgz`;
}

/**
 * Fetches mediasoup's prebuilt worker. mediasoup publishes no checksum for it: https vouches for where it comes from, and
 * the archive must be what a release's archive is.
 * @param {{ version: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Buffer>} the binary
 * @throws {Error} when there is none for this system, no network, no end to it, or it is something else
 */
export async function downloadWorker({ version, env }) {
  const url = prebuiltUrl({
    version,
    platform: process.platform,
    arch: process.arch,
    kernel: release(),
    baseUrl: env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL,
  });
  const packed = await fetchBounded(url, { mostBytes: MOST_PACKED_BYTES });
  const name = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
  try {
    const binary = onlyFileOfTar(gunzipSync(packed, { maxOutputLength: MOST_UNPACKED_BYTES }), name);
    if (binary.length < LEAST_BINARY_BYTES) throw new Error(`${name} has only ${binary.length} bytes`);
    return binary;
  } catch (error) {
    throw new Error(`${url}: ${error.message}`, { cause: error });
  }
}
