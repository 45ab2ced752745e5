/** mediasoup, loaded when first needed, with its worker's path set and its messages in our log. */
import type * as Mediasoup from 'mediasoup';
import { invariant } from '../../base/errors';
import type { Logger } from '../../base/log';
import type { WarningLimiter } from './warning-limiter';

export type MediasoupModule = typeof Mediasoup;

export interface MediasoupMessages {
  readonly log: Logger;
  /** Where its warnings go. */
  readonly warnings: WarningLimiter;
}

/**
 * mediasoup takes the path of its worker from the environment, once, while it is loaded, and offers no other way.
 * @param workerBin path of the worker's binary; without it mediasoup looks at MEDIASOUP_WORKER_BIN and then in its
 *   own package.
 */
export async function loadMediasoup(
  workerBin: string | undefined,
  { log, warnings }: MediasoupMessages,
): Promise<MediasoupModule> {
  // eslint-disable-next-line no-restricted-syntax -- written for mediasoup, not read
  if (workerBin !== undefined) process.env['MEDIASOUP_WORKER_BIN'] = workerBin;
  const mediasoup = await import('mediasoup');
  invariant(
    workerBin === undefined || mediasoup.workerBin === workerBin,
    `mediasoup was loaded before with the worker ${mediasoup.workerBin}; one process has one worker binary`,
  );
  mediasoup.setLogEventListeners({
    onwarn: (namespace, message) => warnings.warn(namespace, message),
    onerror: (namespace, message, error) => log.error({ namespace, err: error }, message),
  });
  return mediasoup;
}
