/** The app's way to the media processes. */
import { systemClock } from '../base/clock';
import { MediaClient } from '../media/client';
import type { MediaClientOptions } from '../media/client';
import { MediaPool } from '../media/pool/pool';
import type { MediaPoolOptions } from '../media/pool/pool';
import type { AppStart } from './child-messages';

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
  const { secret, local } = media;
  const linkAddress = linkAddressOf(bindAddress);
  const processes = local.map(({ name, socketPath }) => ({
    name,
    linkAddress,
    port: new MediaClient({
      prepareRecording,
      address: { socketPath },
      secret,
      clock: systemClock,
      log: log.child({ mediaProcess: name }),
    }),
  }));
  return new MediaPool({ processes, ...(neighbourOf && { neighbourOf }), clock: systemClock, log });
};
