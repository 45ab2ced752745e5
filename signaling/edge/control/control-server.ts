/** The doors for apps: keeps their connections, knows which of them wants which requests, and chooses in turn. */
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/log';
import type { AppAddress } from '../handlers/routing-answer';
import type { Certificates } from '../transport/certificates';
import { listening } from '../transport/listening';
import { openSocket } from './open-socket';
import type { AppCommand, SessionLimits, SessionOrigin } from './session';
import { ControlSession } from './session';

export interface ControlServerDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: SessionLimits;
  readonly secret: string;
  /** For TLS, in both directions. Left out: apps cannot connect by TLS. */
  readonly certificates: Certificates | undefined;
  readonly hostport: () => string;
  readonly onCommand: (session: ControlSession, command: AppCommand) => void;
  readonly onSessionClosed: (session: ControlSession) => void;
}

export class ControlServer {
  private readonly sessions = new Set<ControlSession>();
  /** For each verb the sessions that asked for it; the next request goes to the first, which then moves to the end. */
  private readonly routes = new Map<string, ControlSession[]>();
  private readonly sockets = new Set<Socket>();
  private readonly servers: Server[] = [];
  private closed = false;

  constructor(private readonly deps: ControlServerDependencies) {}

  /** Starts to listen for apps; resolves with the port. @throws the system's error when the port is taken. */
  listen(address: string, port: number): Promise<number> {
    return this.open(
      createServer((socket) => void this.add(socket, { kind: 'accepted' })),
      { address, port },
    );
  }

  /** Starts to listen for apps that connect by TLS. @throws the system's error when the port is taken. */
  listenTls(certificates: Certificates, at: { readonly address: string; readonly port: number }): Promise<number> {
    const server = createTlsServer(
      { ...certificates.options },
      (socket) => void this.add(socket, { kind: 'accepted' }),
    );
    server.on('tlsClientError', (error, socket) => {
      this.deps.log.info(
        { err: error, address: socket.remoteAddress },
        "the TLS handshake of an app's connection failed",
      );
      socket.destroy();
    });
    certificates.onChange((options) => server.setSecureContext(options));
    return this.open(server, at);
  }

  /**
   * Connects to an app that listens, and waits until it has authenticated.
   * @returns undefined when it cannot be reached or does not authenticate within `authenticateTimeoutMs`.
   */
  dial(to: AppAddress, verifyPeer: boolean): Promise<ControlSession | undefined> {
    const { certificates, log } = this.deps;
    if (this.closed) return Promise.resolve(undefined);
    const socket = openSocket(to, { verifyPeer, certificates: certificates?.options });
    return new Promise((resolve) => {
      const onReady = (session: ControlSession): void => resolve(session);
      const onFailed = (): void => {
        log.warn({ ...to }, 'an app that should listen cannot be reached, or did not authenticate');
        resolve(undefined);
      };
      this.add(socket, { kind: 'dialled', onReady, onFailed });
    });
  }

  get anyReady(): boolean {
    return [...this.sessions].some((session) => session.ready);
  }

  /** How many apps are connected. */
  get readyCount(): number {
    return [...this.sessions].filter((session) => session.ready).length;
  }

  /** The methods that some app wants, in upper case. */
  get routedMethods(): string[] {
    return [...this.routes.keys()].map((verb) => verb.toUpperCase());
  }

  addRoute(verb: string, session: ControlSession): void {
    const takers = this.routes.get(verb) ?? [];
    if (!takers.includes(session)) this.routes.set(verb, [...takers, session]);
  }

  removeRoute(verb: string, session: ControlSession): void {
    const takers = (this.routes.get(verb) ?? []).filter((taker) => taker !== session);
    if (takers.length === 0) this.routes.delete(verb);
    else this.routes.set(verb, takers);
  }

  /**
   * The app whose turn it is to take a request of this method, if any app wants it.
   * @param tag given: only apps that authenticated with this tag.
   */
  chooseFor(method: string, tag?: string): ControlSession | undefined {
    const verb = method.toLowerCase();
    const takers = this.routes.get(verb) ?? [];
    const chosen = takers.find((taker) => tag === undefined || taker.tags.has(tag));
    if (chosen) this.routes.set(verb, [...takers.filter((taker) => taker !== chosen), chosen]);
    return chosen;
  }

  /** All apps that want requests of this method. */
  takersOf(method: string): readonly ControlSession[] {
    return this.routes.get(method.toLowerCase()) ?? [];
  }

  /** Connections that we have opened to listening apps. */
  get dialled(): readonly ControlSession[] {
    return [...this.sessions].filter((session) => session.dialled && session.ready);
  }

  /** Whether this app has asked for requests or call records. */
  wantsAny(session: ControlSession): boolean {
    return [...this.routes.values()].some((takers) => takers.includes(session));
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const session of [...this.sessions]) session.close();
    for (const socket of this.sockets) socket.destroy();
    const listening = this.servers.filter((server) => server.listening);
    await Promise.all(listening.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  private open(server: Server, at: { readonly address: string; readonly port: number }): Promise<number> {
    this.servers.push(server);
    return listening(server, at, (error) => this.deps.log.error({ err: error }, 'the control port failed'));
  }

  private add(socket: Socket, origin: SessionOrigin): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    this.sessions.add(
      new ControlSession({ ...this.deps, socket, origin, onClosed: (session) => this.forget(session) }),
    );
  }

  private forget(session: ControlSession): void {
    this.sessions.delete(session);
    for (const verb of [...this.routes.keys()]) this.removeRoute(verb, session);
    this.deps.onSessionClosed(session);
  }
}
