/** Who is at the other end of an HTTP connection. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

const MAPPED_V4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The peer's address; an IPv4 address that the socket shows as IPv6 is written as IPv4. */
export const addressOf = (request: IncomingMessage): string => {
  const address = request.socket.remoteAddress ?? 'unknown';
  return MAPPED_V4.exec(address)?.[1] ?? address;
};

/**
 * True when the browser's connection is encrypted, here or at a proxy in front. A client that lies about it hurts only
 * itself: its cookie becomes one that it does not send.
 */
export const isEncrypted = (request: IncomingMessage): boolean =>
  request.socket instanceof TLSSocket || request.headers['x-forwarded-proto'] === 'https';
