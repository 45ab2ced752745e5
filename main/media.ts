/** The media process: RTP endpoints, browsers' legs, players and recorders. */
import { systemClock } from '../base/clock';
import { startMediaProcess } from '../media/process';
import { runChild } from './child-process';

runChild('media', async ({ socketPath, ...config }, tools) => {
  const log = tools.log.child({ name: config.name });
  const media = await startMediaProcess({ ...config, address: { socketPath }, clock: systemClock, log });
  return { info: { workerPids: media.workerPids }, close: () => media.close() };
});
