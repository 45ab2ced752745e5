/**
 * Starts mediasoup's worker in a session of its own. Ctrl-C in a terminal goes to the whole foreground process group, and
 * the worker obeys it at once: calls would lose their media before the app has ended them. It still ends with this process,
 * because its pipes close then.
 *
 * mediasoup spawns its worker into our group and offers no other way than the variables meant for valgrind, which name a
 * program to put before the worker. `setsid` becomes the worker without another fork, so the process id stays right.
 */
import { existsSync } from 'node:fs';
import type { types } from 'mediasoup';
import type { MediasoupModule } from './load-mediasoup';

/** Part of util-linux, which every Debian and Ubuntu has. Without it the worker shares our group. */
const SETSID_PATH = '/usr/bin/setsid';

/** Rejects when the worker does not start. */
export function spawnWorker(mediasoup: MediasoupModule): Promise<types.Worker> {
  // eslint-disable-next-line no-restricted-syntax -- written for mediasoup; whoever runs the worker in valgrind wants that
  const env = process.env;
  const inOwnSession = env['MEDIASOUP_USE_VALGRIND'] === undefined && existsSync(SETSID_PATH);
  if (inOwnSession) Object.assign(env, { MEDIASOUP_USE_VALGRIND: 'true', MEDIASOUP_VALGRIND_BIN: SETSID_PATH });
  try {
    // mediasoup reads the variables and spawns before this returns its promise.
    return mediasoup.createWorker({ logLevel: 'warn', logTags: ['ice', 'dtls', 'rtp'] });
  } finally {
    if (inOwnSession) {
      delete env['MEDIASOUP_USE_VALGRIND'];
      delete env['MEDIASOUP_VALGRIND_BIN'];
    }
  }
}
