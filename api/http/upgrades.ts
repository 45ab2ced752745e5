/** The WebSockets' doors: finds the session, looks at the origin, and hands the socket to whoever serves its path. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '../../base/log';
import type { SessionRegistry } from '../sessions/session-registry';
import type { Refusal } from './authenticate';
import { authenticateUpgrade } from './authenticate';
import { addressOf } from './client';
import { UNAUTHENTICATED } from './fault-body';
import { originVerdict } from './origin';
import { refuseUpgrade } from './refuse-upgrade';
import type { Authenticated } from './route';
import { HTTP_STATUS } from './status';

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly auth: Authenticated;
}

/** Serves one path; returns why it refuses, if it does. */
export type UpgradeHandler = (upgrade: Upgrade) => Refusal | undefined;

export interface UpgradeOptions {
  readonly sessions: SessionRegistry;
  readonly handlers: Readonly<Record<string, UpgradeHandler>>;
  readonly log: Logger;
}

const refusal = (code: 'unauthenticated' | 'forbidden' | 'not_found', message: string): Refusal => ({
  status: HTTP_STATUS[code],
  body: { code, message },
});

const pathOf = (request: IncomingMessage): string | undefined => {
  try {
    return new URL(request.url ?? '/', 'http://localhost').pathname;
  } catch {
    return undefined;
  }
};

const decide = (options: UpgradeOptions, incoming: Omit<Upgrade, 'auth'>): Refusal | undefined => {
  const path = pathOf(incoming.request);
  const handler = path !== undefined && Object.hasOwn(options.handlers, path) ? options.handlers[path] : undefined;
  if (!handler) return refusal('not_found', 'There is no WebSocket at this path.');
  // RFC 6455, section 10.2: without this check any page could open a socket with the user's cookie.
  if (originVerdict(incoming.request.headers) === 'foreign') {
    return refusal('forbidden', 'The WebSocket is opened from a page of another origin.');
  }
  const auth = authenticateUpgrade(incoming.request, options.sessions);
  if (!auth) return { status: HTTP_STATUS.unauthenticated, body: UNAUTHENTICATED };
  return handler({ ...incoming, auth });
};

export const serveUpgrades = (server: Server, options: UpgradeOptions): void => {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener a client that resets its connection would end the process.
    socket.on('error', (error) => options.log.debug({ err: error }, 'a WebSocket’s connection broke'));
    const refused = decide(options, { request, socket, head });
    if (!refused) return;
    options.log.info({ path: pathOf(request), address: addressOf(request), status: refused.status }, 'upgrade refused');
    refuseUpgrade(socket, refused);
  });
};
