/** The edge process: the embedded SIP server. */
import { systemClock } from '../base/clock';
import type { EdgeTlsOptions } from '../signaling/edge/edge-options';
import { startEdge } from '../signaling/edge/server';
import type { EdgeTls } from './child-messages';
import type { EdgeLimits } from '../signaling/edge/limits';
import { DEFAULT_LIMITS } from '../signaling/edge/limits';
import type { ProtectionConfig } from './protection-config';
import { runChild } from './child-process';

/** Keys without a value are left out: IPC carries undefined as absent anyway, and options tell the two apart. */
const definedOnly = ({ caFile, wssPort, ...rest }: EdgeTls): EdgeTlsOptions => ({
  ...rest,
  ...(caFile === undefined ? {} : { caFile }),
  ...(wssPort === undefined ? {} : { wssPort }),
});

const MEGABYTE = 1024 * 1024;

const limitsOf = (protection: ProtectionConfig): Partial<EdgeLimits> => ({
  strangers: { burst: protection.strangerBurst, perSecond: protection.strangerPerSecond },
  maxConnectionsPerSource: protection.connectionsPerSource,
  trace: { ...DEFAULT_LIMITS.trace, maxBytes: protection.traceMegabytes * MEGABYTE },
});

runChild('edge', async (config, { log }) => {
  const { bindAddress, publicAddress, sipPort, controlPort, controlTlsPort, wsPort, secret, tls } = config;
  const edge = await startEdge({
    bindAddress,
    ...(publicAddress === undefined ? {} : { publicAddress }),
    ...(tls === undefined ? {} : { tls: definedOnly(tls) }),
    sipPort,
    controlPort,
    controlBindAddress: config.controlBindAddress,
    ...(controlTlsPort === undefined ? {} : { controlTlsPort }),
    requestHandlers: config.requestHandlers,
    journalDir: config.journalDir,
    wsPort,
    secret,
    limits: limitsOf(config.protection),
    traceBodies: config.protection.traceBodies,
    clock: systemClock,
    log,
  });
  const { ports } = edge;
  return { info: { controlPort: ports.control, wsPort: ports.ws }, close: () => edge.close() };
});
