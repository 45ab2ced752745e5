/** The edge process: the embedded SIP server. */
import { systemClock } from '../base/clock';
import { startEdge } from '../signaling/edge/server';
import { runChild } from './child-process';

runChild('edge', async (config, { log }) => {
  const { bindAddress, publicAddress, sipPort, controlPort, wsPort, secret } = config;
  const edge = await startEdge({
    bindAddress,
    ...(publicAddress === undefined ? {} : { publicAddress }),
    sipPort,
    controlPort,
    wsPort,
    secret,
    clock: systemClock,
    log,
  });
  const { ports } = edge;
  return { info: { controlPort: ports.control, wsPort: ports.ws }, close: () => edge.close() };
});
