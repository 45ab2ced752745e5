/** Tells apps that a connection by which somebody registered has closed: something drachtio-server cannot. */
import { randomUUID } from 'node:crypto';
import { newToken } from '../../base/ids';
import { SipRequest } from '../sip/message';
import { CONNECTION_CLOSED_EVENT } from './connection-closed-event';
import type { EdgeCore } from './core';
import { deliverUnsolicited } from './delivery';
import { ownHostport } from './own-address';
import type { StreamConnection } from './transport/stream-table';

export const announceClosed = (core: EdgeCore, connection: StreamConnection): void => {
  if (!core.streams.isRegistered(connection)) return;
  const self = `<sip:edge@${ownHostport(connection)}>`;
  const notify = new SipRequest({ method: 'NOTIFY', uri: self.slice(1, -1) });
  notify.append(
    'Via',
    `SIP/2.0/${connection.protocol.toUpperCase()} ${ownHostport(connection)};branch=z9hG4bK${newToken(9)}`,
  );
  notify.append('Max-Forwards', '0');
  notify.append('From', `${self};tag=${newToken(9)}`);
  notify.append('To', self);
  notify.append('Call-ID', randomUUID());
  notify.append('CSeq', '1 NOTIFY');
  notify.append('Event', CONNECTION_CLOSED_EVENT);
  notify.append('Subscription-State', 'terminated');
  for (const session of core.control.takersOf('register')) {
    deliverUnsolicited(session, core.clock, { message: notify, connection, dialogId: '' });
  }
};
