/** The embedded store as a process of its own: `node server-program.js FOLDER` prints its port, or why it did not start. */
import { systemClock } from '../../../../base/clock';
import { messageOf } from '../../../../base/errors';
import { createLogger } from '../../../../base/log';
import { startEmbeddedStore } from '../../../../store/embedded/server';

const dataDir = process.argv[2] ?? '';

startEmbeddedStore({
  dataDir,
  host: '127.0.0.1',
  port: 0,
  clock: systemClock,
  log: createLogger('store', 'warn'),
}).then(
  ({ port }) => console.log(`port ${port}`),
  (error: unknown) => {
    console.log(`error ${messageOf(error)}`);
    process.exitCode = 1;
  },
);
