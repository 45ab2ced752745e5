/** What the transaction layer needs of a transport; the edge's UDP, TCP, TLS and WebSocket transports provide it. */
import type { Result } from '../../base/result';

export type TransportProtocol = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export interface SocketAddress {
  /** An IPv4 or IPv6 address, the latter without brackets. */
  readonly address: string;
  readonly port: number;
}

/**
 * A way to one peer: a stream or WebSocket connection, or for UDP the pair of our socket and the peer's address.
 */
export interface Connection {
  readonly protocol: TransportProtocol;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** Whether the transport itself delivers in order or fails (everything but UDP): decides on retransmission. */
  readonly reliable: boolean;
  /** The address to write into the Via of requests that we send here, when it is not `local` (NAT, wildcard binds). */
  readonly advertised?: SocketAddress;
  /** UDP only: the same socket towards another address, for responses to peers without `rport` (RFC 3261, 18.2.2). */
  toward?(remote: SocketAddress): Connection;
  /** Sends one whole message. A fault means that it was certainly not delivered. */
  send(bytes: Buffer): Promise<Result<void>>;
}

/** The transport's name in a Via header. */
export const viaTransport = (protocol: TransportProtocol): string => protocol.toUpperCase();
