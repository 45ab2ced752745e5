/** The media process by itself, in a process of its own, for tests that treat it badly. */
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { silentLogger } from '../../base/log';
import { startMediaProcess } from '../../media/process';

const [home = '', socketPath = '', soundsDir = '', mediasoupWorkerBin = '', ...more] = process.argv.slice(2);
const [firstPort = '43800', keepMs] = more;
const first = Number(firstPort);

void startMediaProcess({
  bindAddress: '127.0.0.1',
  rtpPorts: { first, last: first + 39 },
  address: { socketPath },
  secret: 'for this test',
  soundsDir,
  ownSoundsDir: join(home, 'sounds'),
  recordingsDir: join(home, 'recordings'),
  mediasoupWorkerBin,
  ...(keepMs !== undefined && { keepMs: Number(keepMs) }),
  clock: systemClock,
  log: silentLogger(),
}).then(() => process.stdout.write('ready\n'));
