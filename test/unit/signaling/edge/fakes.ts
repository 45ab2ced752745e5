/** Stand-ins for sockets and sessions, so that decisions can be tested without either. */
import { ok } from '../../../../base/result';
import { AppOwner } from '../../../../signaling/edge/apps/app-owner';
import type { StreamConnection } from '../../../../signaling/edge/transport/stream-table';
import type { TransportProtocol } from '../../../../signaling/sip/connection';

export const connectionTo = (
  protocol: TransportProtocol,
  address = '192.0.2.9',
  port = 5060,
): StreamConnection & { isClosed: boolean } => ({
  protocol,
  local: { address: '198.51.100.1', port: 5060 },
  remote: { address, port },
  reliable: protocol !== 'udp',
  advertised: { address: '203.0.113.1', port: 5060 },
  send: () => Promise.resolve(ok(undefined)),
  isClosed: false,
  get closed() {
    return this.isClosed;
  },
  close() {
    this.isClosed = true;
  },
});

/** Dialogs only remember whose they are. */
export const someOwner = (): AppOwner => new AppOwner(undefined);
