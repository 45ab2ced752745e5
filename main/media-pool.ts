/** The app's way to the media processes. */
import type { MediaProcesses } from '../api/ports';
import { systemClock } from '../base/clock';
import type { MediaEstate } from '../calls/keep/estate';
import { newToken } from '../base/ids';
import { MediaClient } from '../media/client';
import type { MediaClientOptions } from '../media/client';
import { MediaPool } from '../media/pool/pool';
import type { MediaPoolOptions } from '../media/pool/pool';
import type { AppStart } from './child-messages';
import { readMediaTls } from './media-tls';

/** By which the processes on one machine reach each other's RTP, whatever address peers outside are told. */
const linkAddressOf = (bindAddress: string): string => {
  if (bindAddress === '0.0.0.0') return '127.0.0.1';
  return bindAddress === '::' ? '::1' : bindAddress;
};

export const openMediaPool = (
  { media, bindAddress }: AppStart,
  deps: Pick<MediaPoolOptions, 'neighbourOf' | 'log'> & Pick<MediaClientOptions, 'prepareRecording'>,
): MediaPool => {
  const { log, neighbourOf, prepareRecording } = deps;
  const linkAddress = linkAddressOf(bindAddress);
  const app = { id: media.appId, life: newToken() };
  const clientOf = (name: string, reached: Pick<MediaClientOptions, 'address' | 'secret'>): MediaClient =>
    new MediaClient({ ...reached, app, prepareRecording, clock: systemClock, log: log.child({ mediaProcess: name }) });
  const local = media.local.map(({ name, socketPath }) => ({
    name,
    linkAddress,
    port: clientOf(name, { address: { socketPath }, secret: media.secret }),
  }));
  const tls = media.tls && readMediaTls(media.tls);
  const remote = media.hosts.map(({ name, address: host, port, weight }) => ({
    name,
    weight,
    isLocal: false,
    // Its certificate proves more than a secret would.
    port: clientOf(name, { address: { host, port, tls }, secret: '' }),
  }));
  return new MediaPool({
    processes: [...local, ...remote],
    ...(neighbourOf && { neighbourOf }),
    clock: systemClock,
    log,
  });
};

/** The processes as administrators see them. */
export const mediaProcessesOf = (pool: MediaPool): MediaProcesses => ({
  list: () => pool.processes(),
  async inUse() {
    const counts = await pool.countsByProcess();
    return new Map(
      [...counts].map(([name, { bridges, mixes, plays, recordings, portsInUse }]) => [
        name,
        { bridges, mixes, plays, recordings, ports: portsInUse },
      ]),
    );
  },
  drain: (name, withinMs) => pool.drain(name, withinMs),
});

/** What the app's former life has left in the media processes, for calls to go on with. */
export const estateOf = (pool: Pick<MediaPool, 'inherited' | 'closeRest'>): MediaEstate => ({
  async inherited() {
    const { endpoints, plays, recordings, mixes } = await pool.inherited();
    return {
      endpoints: new Set(endpoints.map(({ endpointId }) => endpointId)),
      plays: new Set(plays),
      recordings: new Set(recordings.map(({ recordingId }) => recordingId)),
      mixes: new Set(mixes.map(({ mixId }) => mixId)),
    };
  },
  closeRest: (kept) => pool.closeRest(kept),
});
