/**
 * The Record-Routes that we write, recognised again when they come back as Routes. Each carries proof that we wrote it
 * for this Call-ID, so that nobody can use us as a relay by writing our address into a Route of their own.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import type { SipUri } from '../../sip/uri';
import { ownHostport } from '../own-address';

const PARAM = 'stamp';

export class RouteStamp {
  /** @param key decides what is ours; the same one after a restart, so that dialogs find their way on. */
  constructor(private readonly key: Buffer = randomBytes(32)) {}

  /** A Record-Route value that leads to us over this connection. @param user a flow token, where one is needed. */
  make(callId: string, connection: Connection, user?: string): string {
    const transport = connection.protocol === 'udp' ? '' : `;transport=${connection.protocol}`;
    const at = user === undefined ? '' : `${user}@`;
    return `<sip:${at}${ownHostport(connection)}${transport};lr;${PARAM}=${this.proof(callId)}>`;
  }

  /** Whether the first Route of the request is one that we wrote for its dialog. */
  leads(request: SipRequest): boolean {
    const first = request.routes[0];
    return first !== undefined && this.isOurs(first.uri, request.callId);
  }

  /**
   * Removes the Routes on top that are ours (RFC 3261, 16.4): those with our stamp, and one that names us without it,
   * by which a user agent says that we are its outbound proxy.
   */
  strip(request: SipRequest, arrivedBy: Connection): void {
    for (let first = request.routes[0]; first !== undefined; first = request.routes[0]) {
      if (!this.isOurs(first.uri, request.callId) && !namesUs(first.uri, arrivedBy)) return;
      request.removeFirst('Route');
    }
  }

  isOurs(uri: SipUri, callId: string): boolean {
    const given = Buffer.from(uri.params.get(PARAM) ?? '');
    const wanted = Buffer.from(this.proof(callId));
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  private proof(callId: string): string {
    return createHmac('sha256', this.key).update(callId).digest('hex').slice(0, 20);
  }
}

/** Whether a URI is our own address, as this peer knows it. */
const namesUs = (uri: SipUri, connection: Connection): boolean => {
  const hostport = `${uri.host}:${uri.port ?? 5060}`.toLowerCase();
  const { address, port } = connection.local;
  return hostport === ownHostport(connection) || hostport === `${address}:${port}`;
};
