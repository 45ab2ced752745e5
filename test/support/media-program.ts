/** The media process by itself, in a process of its own, for tests that treat it badly. */
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { silentLogger } from '../../base/log';
import { startMediaProcess } from '../../media/process';

const [home = '', socketPath = '', soundsDir = '', mediasoupWorkerBin = ''] = process.argv.slice(2);

void startMediaProcess({
  bindAddress: '127.0.0.1',
  rtpPorts: { first: 43_800, last: 43_839 },
  address: { socketPath },
  secret: 'for this test',
  soundsDir,
  recordingsDir: join(home, 'recordings'),
  mediasoupWorkerBin,
  clock: systemClock,
  log: silentLogger(),
}).then(() => process.stdout.write('ready\n'));
