import { join } from 'node:path';

/**
 * The cached binary's path: another mediasoup, another system or another recipe is another file.
 * @param {{ cacheDir: string, version: string, platform: string, arch: string, recipeHash: string }} key
 */
export const cachedWorkerPath = ({ cacheDir, version, platform, arch, recipeHash }) =>
  join(cacheDir, `mediasoup-worker-${version}-${platform}-${arch}-${recipeHash.slice(0, 12)}`);
