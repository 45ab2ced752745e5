/** Where a message came from. */
import type { SignalingSource, TransportName } from '../ports';
import type { SrfRequest } from '../srf/srf-types';

const TRANSPORTS: readonly TransportName[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

export const sourceOf = (req: SrfRequest): SignalingSource => {
  const named = req.protocol.toLowerCase();
  const protocol = TRANSPORTS.find((transport) => transport === named) ?? 'udp';
  return { address: req.source_address, port: req.source_port, protocol };
};

/** Whether messages of this transport come by a connection, whose other end stays the same. */
export const isConnected = (source: SignalingSource): boolean => source.protocol !== 'udp';
