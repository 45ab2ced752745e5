/** The store process: the embedded MongoDB-compatible server. */
import { systemClock } from '../base/clock';
import { startEmbeddedStore } from '../store/embedded/server';
import { runChild } from './child-process';

runChild('store', async ({ dataDir, port }, { log }) => {
  const store = await startEmbeddedStore({ dataDir, host: '127.0.0.1', port, clock: systemClock, log });
  return { info: { port: store.port, uri: store.uri }, close: () => store.close() };
});
