/** The connection to the SIP server: drachtio-srf keeps it up, this says whether it is and what was lost with it. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Logger } from '../../base/log';
import { EXTENSION_MARK } from '../edge/control/extension';
import { createSrf, shutDown, takenByServer } from '../srf/srf-client';
import { sendExtension } from '../srf/srf-extension';
import type { SrfClient } from '../srf/srf-types';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/**
 * ```
 * connecting --authenticated--> connected --lost--> connecting
 *     |---- refused (wrong secret), close ----> closed
 * ```
 */
type ConnectionState = 'connecting' | 'connected' | 'closed';

/** By this tag a request handler routes a request to us, where other apps are connected as well. */
export const APP_TAG = 'switchroom';

/** Calls wait for the server, so that it is looked for often. */
const MAX_RETRY_DELAY_MS = 300;
const PING_PERIOD_MS = 15_000;
const FIRST_ANSWER_TIMEOUT_MS = 15_000;

export interface ServerConnectionDeps {
  readonly server: ServerAddress;
  readonly clock: Clock;
  readonly log: Logger;
}

export class ServerConnection {
  readonly srf: SrfClient = createSrf();
  /**
   * Resolves when the server has let us in for the first time and has taken our routes; with `unauthenticated` when it refuses us, with
   * `unavailable` when it has not answered for 15 s, which ends no attempts.
   */
  readonly ready: Promise<Result<void>>;
  private state: ConnectionState = 'connecting';
  private readonly watchers = new Set<(connected: boolean) => void>();
  private readonly losses = new Set<() => void>();
  private readonly server: ServerAddress;
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly firstAnswer: Timer;
  private lastError: Error | undefined;
  private version = '';
  private resolveReady: (result: Result<void>) => void = () => undefined;

  constructor({ server, clock, log }: ServerConnectionDeps) {
    this.server = server;
    this.clock = clock;
    this.log = log;
    this.ready = new Promise((resolve) => (this.resolveReady = resolve));
    this.firstAnswer = clock.after(FIRST_ANSWER_TIMEOUT_MS, () => this.onNoAnswer());
    this.srf.on('connect', (error, hostport, version) => {
      this.version = version ?? '';
      if (error) this.onRefused();
      else this.onConnected(hostport ?? '');
    });
    this.srf.on('error', (error) => this.onError(error));
    this.srf.on('close', () => this.onClosed());
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  /** Whether the server, connected or lost, is the embedded edge. */
  get isEmbeddedEdge(): boolean {
    return this.version.endsWith(EXTENSION_MARK);
  }

  /** Whether the server is the embedded edge, which can do more than drachtio-server. */
  get extended(): boolean {
    return this.connected && this.isEmbeddedEdge;
  }

  /** Has the embedded edge perform one of its extensions; `unsupported` with drachtio-server, which has none. */
  extend(name: string, input?: unknown): Promise<Result<unknown>> {
    if (!this.connected) return Promise.resolve(fail('unavailable', 'the SIP server is not connected'));
    if (!this.extended) return Promise.resolve(fail('unsupported', 'not available with drachtio-server'));
    const { srf, clock } = this;
    return sendExtension({ srf, clock, onLost: (handler) => this.onLost(handler) }, { name, input });
  }

  /** Opens the connection, and again whenever it is lost. Call after the routes are set. */
  open(): void {
    const { host, port, secret } = this.server;
    const reconnect = { retryMaxDelay: MAX_RETRY_DELAY_MS };
    this.srf.connect({
      host,
      port,
      secret,
      tags: [APP_TAG],
      reconnect,
      enablePing: true,
      pingInterval: PING_PERIOD_MS,
    });
  }

  watch(handler: (connected: boolean) => void): () => void {
    this.watchers.add(handler);
    return () => void this.watchers.delete(handler);
  }

  /** Calls `handler` once when the connection is lost; the returned function forgets it. */
  onLost(handler: () => void): () => void {
    this.losses.add(handler);
    return () => void this.losses.delete(handler);
  }

  close(): void {
    if (this.state === 'closed') return;
    this.leave('closed');
    shutDown(this.srf);
    this.settleReady(fail('closed', 'the gateway was closed before the SIP server answered'));
  }

  private onConnected(hostport: string): void {
    if (this.state !== 'connecting') return;
    this.state = 'connected';
    this.log.info({ hostport }, 'connected to the SIP server');
    void takenByServer(this.srf).then(() => this.settleReady(ok(undefined)));
    for (const watcher of [...this.watchers]) watcher(true);
  }

  private onError(error: Error): void {
    this.lastError = error;
    this.log.debug({ err: error }, 'the connection to the SIP server failed');
  }

  private onNoAnswer(): void {
    const { host, port } = this.server;
    const why = this.lastError ? ` (${messageOf(this.lastError)})` : '';
    const cure = 'start it, or correct DRACHTIO_HOST and DRACHTIO_PORT';
    const text = `the SIP server at ${host}:${port} has not answered within 15 s${why}; ${cure}`;
    this.settleReady(fail('unavailable', text, this.lastError));
  }

  private settleReady(result: Result<void>): void {
    this.firstAnswer.cancel();
    this.resolveReady(result);
  }

  private onRefused(): void {
    const { host, port } = this.server;
    this.log.error({ host, port }, 'the SIP server refuses the secret; check DRACHTIO_SECRET');
    this.settleReady(fail('unauthenticated', `the SIP server at ${host}:${port} refuses the secret`));
    this.close();
  }

  private onClosed(): void {
    if (this.state !== 'connected') return;
    this.log.error('the connection to the SIP server was lost');
    this.leave('connecting');
  }

  private leave(next: ConnectionState): void {
    const wasConnected = this.state === 'connected';
    this.state = next;
    const losses = [...this.losses];
    this.losses.clear();
    for (const lost of losses) lost();
    if (wasConnected) for (const watcher of [...this.watchers]) watcher(false);
  }
}
