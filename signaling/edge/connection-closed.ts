/** Tells apps that a connection by which somebody registered has closed: something drachtio-server cannot. */
import { CONNECTION_CLOSED_EVENT } from './connection-closed-event';
import type { EdgeCore } from './core';
import { sendNotice } from './notice';
import type { StreamConnection } from './transport/stream-table';

export const announceClosed = (core: EdgeCore, connection: StreamConnection): void => {
  if (connection.protocol === 'ws' || connection.protocol === 'wss') core.layer.connectionLost(connection);
  if (!core.streams.isRegistered(connection)) return;
  sendNotice(core, { event: CONNECTION_CLOSED_EVENT, connection }, core.control.takersOf('register'));
};
