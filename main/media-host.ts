/**
 * `npm run media`: one media process alone on its machine, for an app on another one. SIGTERM lets it take no more calls
 * and end when it carries none, a second one or Ctrl-C at once; whoever has started it starts it anew.
 */
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../base/clock';
import { messageOf } from '../base/errors';
import { createLogger } from '../base/log';
import { startMediaProcess } from '../media/process';
import type { MediaProcess } from '../media/process';
import { loadConfig } from './config';
import type { Config } from './config';
import { mediaTlsFilesOf, readMediaTls } from './media-tls';
import { REMOTE_OWNER } from './recording-owners';
import { refuse, say } from './terminal';

const start = (config: Config, onDrained: () => void): Promise<MediaProcess> => {
  const { media, bindAddress, publicAddress, rtpPorts, webRtcPort, home, mediasoupWorkerBin, recordings, music } =
    config;
  const files = mediaTlsFilesOf(media.tls);
  if (!files) throw new Error('media.tls needs certificate, key and ca: nobody else may use this process');
  const { address: host, port } = media.listen;
  const name = `${REMOTE_OWNER}${hostname()}:${port}`;
  return startMediaProcess({
    bindAddress,
    publicAddress,
    rtpPorts,
    webRtcPort,
    mediasoupWorkerBin,
    name,
    owns: (owner) => owner === name,
    address: { host, port, tls: readMediaTls(files) },
    // Who has a certificate of ours needs no other secret.
    secret: '',
    // The bundle lies in dist, one folder below the root.
    soundsDir: join(resolve(__dirname, '..'), 'media', 'sounds'),
    recordingsDir: join(home, 'recordings'),
    diskLimitPercent: recordings.diskLimitPercent,
    streamAwayAlarmMs: music.streamAwayAlarmS * 1000,
    onDrained,
    clock: systemClock,
    log: createLogger('media', config.logLevel),
  });
};

const main = async (): Promise<void> => {
  const loaded = loadConfig();
  if (!loaded.ok) return refuse(loaded.fault.message);
  let running: MediaProcess | undefined;
  let isDraining = false;
  const stop = async (): Promise<void> => {
    await running?.close();
    say('stopped');
    process.exit();
  };
  try {
    running = await start(loaded.value, () => void stop());
  } catch (error) {
    return refuse(messageOf(error));
  }
  const { address } = running;
  if ('host' in address) say(`Media is ready at ${address.host}:${address.port}, for apps with a certificate of ours.`);
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => {
    if (isDraining) return void stop();
    isDraining = true;
    say('no more calls; it ends with the last of them');
    running?.drain();
  });
};

void main();
