/** Opens a connection to an app that listens. */
import type { Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import type { AppAddress } from '../handlers/routing-answer';

export interface SocketTrust {
  /** Whether the certificate of an app that listens with TLS must be valid, and for this host. */
  readonly verifyPeer: boolean;
  /** Our own certificate and authorities; left out: none, and those of the system. */
  readonly certificates: SecureContextOptions | undefined;
}

/** What goes wrong comes as the socket's `error` and `close`. */
export const openSocket = ({ host, port, transport }: AppAddress, trust: SocketTrust): Socket => {
  if (transport === 'tcp') return connect({ host, port });
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...name, ...trust.certificates, rejectUnauthorized: trust.verifyPeer });
};
