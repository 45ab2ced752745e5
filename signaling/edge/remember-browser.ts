/** Browsers behind made-up hosts (RFC 7118, 5.1). */
import type { Connection } from '../sip/connection';
import type { SipMessage } from '../sip/message';
import type { StreamConnection, StreamTable } from './transport/stream-table';
import { isInvalidHost } from './transport/stream-table';

/** What is sent to the `.invalid` host of the message's Contact goes by the connection that the message came by. */
export const rememberBrowser = (streams: StreamTable, message: SipMessage, connection: Connection): void => {
  const host = message.contacts[0]?.uri.host;
  if (!connection.reliable || host === undefined || !isInvalidHost(host)) return;
  streams.addAlias(host, connection as StreamConnection);
};
