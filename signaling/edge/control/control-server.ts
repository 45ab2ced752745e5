/** The door for apps: accepts their connections, knows which of them wants which requests, and chooses in turn. */
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/log';
import type { AppCommand, SessionLimits } from './session';
import { ControlSession } from './session';

export interface ControlServerDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: SessionLimits;
  readonly secret: string;
  readonly hostport: () => string;
  readonly onCommand: (session: ControlSession, command: AppCommand) => void;
  readonly onSessionClosed: (session: ControlSession) => void;
}

export class ControlServer {
  private readonly sessions = new Set<ControlSession>();
  /** For each verb the sessions that asked for it; the next request goes to the first, which then moves to the end. */
  private readonly routes = new Map<string, ControlSession[]>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly deps: ControlServerDependencies) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      const session = new ControlSession({
        ...deps,
        socket,
        onClosed: (closed) => this.forget(closed),
      });
      this.sessions.add(session);
    });
  }

  /** Starts to listen; resolves with the port. @throws the system's error when the port is taken. */
  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, address, () => {
        this.server.removeListener('error', reject);
        this.server.on('error', (error) => this.deps.log.error({ err: error }, 'the control port failed'));
        const bound = this.server.address();
        resolve(typeof bound === 'object' && bound ? bound.port : port);
      });
    });
  }

  get anyReady(): boolean {
    return [...this.sessions].some((session) => session.ready);
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

  /** The app whose turn it is to take a request of this method, if any app wants it. */
  chooseFor(method: string): ControlSession | undefined {
    const verb = method.toLowerCase();
    const [chosen, ...others] = this.routes.get(verb) ?? [];
    if (chosen) this.routes.set(verb, [...others, chosen]);
    return chosen;
  }

  /** All apps that want requests of this method. */
  takersOf(method: string): readonly ControlSession[] {
    return this.routes.get(method.toLowerCase()) ?? [];
  }

  async close(): Promise<void> {
    for (const session of [...this.sessions]) session.close();
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private forget(session: ControlSession): void {
    this.sessions.delete(session);
    for (const verb of [...this.routes.keys()]) this.removeRoute(verb, session);
    this.deps.onSessionClosed(session);
  }
}
