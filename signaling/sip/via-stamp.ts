/** Via handling at the edge of the transaction layer: what we note on arrival, where responses go, what we send. */
import { newToken } from '../../base/ids';
import { type Connection, viaTransport } from './connection';
import { MAGIC_COOKIE, Via } from './headers/via';
import type { SipRequest } from './message';

/** Notes in the top Via where a request really came from (RFC 3261, 18.2.1; RFC 3581, 4). */
export const stampReceived = (request: SipRequest, connection: Connection): void => {
  const via = request.topVia;
  const { address, port } = connection.remote;
  const wantsRport = via.params.has('rport');
  if (!wantsRport && via.host === hostText(address)) return;
  const changes = wantsRport ? { received: address, rport: String(port) } : { received: address };
  request.removeFirst('Via');
  request.prepend('Via', via.withParams(changes).toString());
};

/**
 * Where the responses to a request go (RFC 3261, 18.2.2): back over a reliable connection; over UDP to the source
 * address, at the source port when `rport` was asked for, else at the port of the Via.
 */
export const responsePath = (request: SipRequest, connection: Connection): Connection => {
  if (connection.reliable || !connection.toward) return connection;
  const { params, port } = request.topVia;
  const maddr = params.get('maddr');
  if (maddr !== undefined) return connection.toward({ address: maddr, port: port ?? 5060 });
  if (params.has('rport') || (port ?? 5060) === connection.remote.port) return connection;
  return connection.toward({ address: connection.remote.address, port: port ?? 5060 });
};

/** The Via of a request that we send over the connection, with a branch of its own and `rport` (RFC 3581, 3). */
export const makeVia = (connection: Connection): Via => {
  const { address, port } = connection.advertised ?? connection.local;
  const params = new Map([
    ['branch', `${MAGIC_COOKIE}${newToken(12)}`],
    ['rport', undefined],
  ]);
  return new Via({ transport: viaTransport(connection.protocol), host: hostText(address), port, params });
};

/** An address as it stands in a URI or Via: IPv6 in brackets. */
export const hostText = (address: string): string => (address.includes(':') ? `[${address}]` : address);
