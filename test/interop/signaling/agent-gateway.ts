/** The embedded edge, and a gateway on it that knows one agent: `agent1`, with the password `pw`. */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { EdgeTlsOptions } from '../../../signaling/edge/edge-options';
import type { Edge } from '../../../signaling/edge/server';
import { startEdge } from '../../../signaling/edge/server';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { IncomingInvite } from '../../../signaling/ports';
import { ha1sOf } from '../../contract/signaling/credentials';

export const REALM = 'switchroom';

export interface AgentGateway {
  readonly edge: Edge;
  readonly gateway: Gateway;
  /** Calls that have come in. */
  readonly incoming: IncomingInvite[];
  close(): Promise<void>;
}

/** @param tls left out: neither TLS nor WSS. */
export const startAgentGateway = async (tls?: EdgeTlsOptions): Promise<AgentGateway> => {
  const common = { clock: systemClock, log: silentLogger() };
  const doors = { sipPort: 0, wsPort: 0, controlPort: 0, secret: 's', ...(tls ? { tls } : {}) };
  const edge = await startEdge({ bindAddress: '127.0.0.1', ...doors, ...common });
  const gateway = createGateway({
    server: { host: '127.0.0.1', port: edge.ports.control, secret: 's' },
    ...common,
    trunks: [],
    registrar: {
      realm: REALM,
      credentialsFor: (user, realm) => (user === 'agent1' ? ha1sOf({ user, realm, password: 'pw' }) : undefined),
    },
  });
  const incoming: IncomingInvite[] = [];
  gateway.onIncoming((invite) => incoming.push(invite));
  await gateway.ready;
  const close = async (): Promise<void> => {
    await gateway.close();
    await edge.close();
  };
  return { edge, gateway, incoming, close };
};
