/** How the edge names itself in Contact, From and the like. */
import type { Connection } from '../sip/connection';
import { hostOf } from './transport/address';

/** `host:port` under which the peer of this connection reaches us. */
export const ownHostport = (connection: Connection): string => {
  const { address, port } = connection.advertised ?? connection.local;
  return `${hostOf(address)}:${port}`;
};

/** The Contact of our side of a dialog over this connection. */
export const ownContact = (connection: Connection): string =>
  withTransport(`<sip:${ownHostport(connection)}>`, connection);

const LOCALHOST = /(sips?:(?:[^@\s<>"]*@)?)localhost(?::\d+)?(?=[;>?\s,]|$)/gi;

/**
 * Replaces `localhost`, by which an app means "whatever the server is called", by our address. In a Contact a transport
 * other than UDP is added, without which the peer would answer to the wrong one.
 */
export const replaceLocalhost = (name: string, value: string, connection: Connection): string => {
  const isContact = name.toLowerCase() === 'contact';
  const { address } = connection.advertised ?? connection.local;
  const host = isContact ? ownHostport(connection) : hostOf(address);
  const replaced = value.replace(LOCALHOST, `$1${host}`);
  return isContact && replaced !== value ? withTransport(replaced, connection) : replaced;
};

const withTransport = (contact: string, connection: Connection): string => {
  if (connection.protocol === 'udp' || /;transport=/i.test(contact)) return contact;
  const parameter = `;transport=${connection.protocol}`;
  return contact.includes('<') ? contact.replace('>', `${parameter}>`) : `<${contact.trim()}${parameter}>`;
};
