/**
 * Between app and media process: a Unix socket, TCP on one machine, or TCP with mutual TLS between machines, where each
 * side takes only those whose certificate the given authority has signed.
 */
import { createConnection, createServer, isIP } from 'node:net';
import type { Server, Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';

/** PEM texts: what this side shows, and by whose signature it knows the other one. */
export interface MutualTls {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

/** A Unix socket by its path, or TCP. */
export type MediaAddress =
  | { readonly socketPath: string }
  | { readonly host: string; /** 0 takes a free one. */ readonly port: number; readonly tls?: MutualTls | undefined };

/** Both sides are ours, so that nothing older need be spoken. */
const TLS_VERSION = 'TLSv1.3';
const HANDSHAKE_TIMEOUT_MS = 5000;

/** Connections that have proved themselves, where they have to, are handed over. */
export const createMediaServer = (
  address: MediaAddress,
  handlers: { readonly accept: (socket: Socket) => void; readonly refused: (error: Error) => void },
): Server => {
  const tls = 'socketPath' in address ? undefined : address.tls;
  if (!tls) return createServer(handlers.accept);
  const { certificate: cert, key, ca } = tls;
  const proof = { requestCert: true, rejectUnauthorized: true, minVersion: TLS_VERSION } as const;
  const server = createTlsServer({ cert, key, ca, ...proof, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, handlers.accept);
  server.on('tlsClientError', handlers.refused);
  return server;
};

/** @param onConnected called when the other side may be spoken to. */
export const connectToMedia = (address: MediaAddress, onConnected: () => void): Socket => {
  if ('socketPath' in address) return createConnection(address.socketPath, onConnected);
  const { host, port, tls } = address;
  if (!tls) return createConnection({ host, port }, onConnected);
  const { certificate: cert, key, ca } = tls;
  // An address has no name to be asked for; its certificate is held against it all the same.
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, cert, key, ca, ...name, minVersion: TLS_VERSION }, onConnected);
};
