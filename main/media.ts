/** A media process: RTP endpoints, browsers' legs, players and recorders. */
import { systemClock } from '../base/clock';
import { startMediaProcess } from '../media/process';
import { runChild } from './child-process';
import { isLeftHere } from './recording-owners';

runChild('media', async ({ socketPath, others, ...config }, { log: ownLog, end }) => {
  const log = ownLog.child({ name: config.name });
  const onDrained = (): void => end('drained');
  const media = await startMediaProcess({
    ...config,
    owns: isLeftHere(others),
    address: { socketPath },
    onDrained,
    clock: systemClock,
    log,
  });
  // Whoever signals this process alone wants it to be started anew without harm to its calls.
  process.on('SIGTERM', () => media.drain());
  return { info: { workerPids: media.workerPids }, close: () => media.close() };
});
