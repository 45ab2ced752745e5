/** Where tests find mediasoup's worker: the environment's path, or what the set-up keeps in its cache. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** @throws when this machine has no worker: the set-up gets it, so no test may be left out for want of it. */
export function findMediasoupWorker(): string {
  const configured = process.env['MEDIASOUP_WORKER_BIN'];
  if (configured) return configured;
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'switchroom');
  // mediasoup itself must not be loaded here: it settles on its worker's path when it is.
  const manifest = join(process.cwd(), 'node_modules/mediasoup/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const prefix = `mediasoup-worker-${version}-${process.platform}-${process.arch}-`;
  const cached = existsSync(cache) ? readdirSync(cache).find((name) => name.startsWith(prefix)) : undefined;
  if (!cached) throw new Error('there is no mediasoup worker on this machine; npm run setup gets one');
  return join(cache, cached);
}
