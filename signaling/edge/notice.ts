/**
 * What the edge tells apps by itself, as nobody has asked: a NOTIFY of source `application` in a transaction called
 * `unsolicited`, that drachtio-srf hands to an app's middleware and apps may ignore. Its Event names the kind, its body
 * is JSON.
 */
import { randomUUID } from 'node:crypto';
import { newToken } from '../../base/ids';
import { SipRequest } from '../sip/message';
import type { Connection } from '../sip/connection';
import type { ControlSession } from './control/session';
import type { EdgeCore } from './core';
import { deliverUnsolicited } from './delivery';
import { ownHostport } from './own-address';

export interface Notice {
  readonly event: string;
  /** What it is about: its source address and port are those that the app is told. */
  readonly connection: Connection;
  readonly body?: unknown;
}

/** Tells each of these apps. */
export const sendNotice = (core: EdgeCore, notice: Notice, sessions: readonly ControlSession[]): void => {
  const { event, connection, body } = notice;
  const self = `<sip:edge@${ownHostport(connection)}>`;
  const request = new SipRequest({ method: 'NOTIFY', uri: self.slice(1, -1) });
  request.append(
    'Via',
    `SIP/2.0/${connection.protocol.toUpperCase()} ${ownHostport(connection)};branch=z9hG4bK${newToken(9)}`,
  );
  request.append('Max-Forwards', '0');
  request.append('From', `${self};tag=${newToken(9)}`);
  request.append('To', self);
  request.append('Call-ID', randomUUID());
  request.append('CSeq', '1 NOTIFY');
  request.append('Event', event);
  request.append('Subscription-State', 'terminated');
  if (body !== undefined) {
    request.append('Content-Type', 'application/json');
    request.body = Buffer.from(JSON.stringify(body));
  }
  for (const session of sessions)
    deliverUnsolicited(session, core.clock, { message: request, connection, dialogId: '' });
};
