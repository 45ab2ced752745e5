/**
 * SIP over WebSocket (RFC 7118): one message a WebSocket message, subprotocol `sip`.
 *
 * Browsers usually arrive through the app's HTTP server, which passes their upgrade on from loopback and writes their
 * address into X-Forwarded-For. Only a loopback peer is believed.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Timer } from '../../../base/clock';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { SocketAddress } from '../../sip/connection';
import { isLoopback, numericHost, plainAddress } from './address';
import type { Certificates } from './certificates';
import { listening } from './listening';
import type { TransportDependencies } from './sink';
import { receiveWhole } from './sink';
import { Patience } from './patience';
import type { StreamConnection } from './stream-table';
import { WsFrames } from './ws-frames';

export class WsTransport {
  private readonly http: Server;
  private readonly sockets: WebSocketServer;

  constructor(
    private readonly deps: TransportDependencies,
    private readonly advertise: (peer: string) => SocketAddress,
    private readonly certificates?: Certificates,
  ) {
    this.http = this.httpServer();
    this.http.headersTimeout = this.http.requestTimeout = deps.limits.messageTimeoutMs;
    this.sockets = new WebSocketServer({
      server: this.http,
      maxPayload: deps.limits.maxMessageBytes,
      perMessageDeflate: false,
      // RFC 7118, section 4: the client MUST offer the subprotocol "sip"; verifyClient refuses those who do not.
      handleProtocols: () => 'sip',
      verifyClient: ({ req }: { req: IncomingMessage }) => this.admits(req),
    });
    this.sockets.on('connection', (socket, request) => this.accept(socket, request));
    this.sockets.on('error', (error) => deps.log.error({ err: error }, 'the WebSocket door failed'));
  }

  private httpServer(): Server {
    const refuse: RequestListener = (_request, response) => response.writeHead(426, { Upgrade: 'websocket' }).end();
    const { certificates } = this;
    if (!certificates) return createServer(refuse);
    const server = createTlsServer(certificates.options, refuse);
    certificates.onChange((options) => server.setSecureContext(options));
    return server;
  }

  /** Resolves with the port. @throws the system's error when the port is taken. */
  listen(address: string, port: number): Promise<number> {
    return listening(this.http, { address, port });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
    this.http.closeAllConnections();
    if (this.http.listening) await new Promise<void>((resolve) => this.http.close(() => resolve()));
  }

  private admits(request: IncomingMessage): boolean {
    const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(',');
    const refusal = this.deps.connectionRefusal(remoteOf(request).address, this.certificates ? 'wss' : 'ws');
    if (refusal === 'banned') return false;
    const reason = refusal
      ? refusal
      : offered.some((name) => name.trim() === 'sip')
        ? undefined
        : 'it does not offer the subprotocol sip';
    if (reason) this.deps.log.warn({ peer: remoteOf(request).address, reason }, 'a WebSocket was refused');
    return reason === undefined;
  }

  private accept(socket: WebSocket, request: IncomingMessage): void {
    const remote = remoteOf(request);
    const connection = new WsConnection(socket, {
      deps: this.deps,
      remote,
      local: {
        address: plainAddress(request.socket.localAddress ?? ''),
        port: request.socket.localPort ?? 0,
      },
      advertised: this.advertise(remote.address),
      protocol: this.certificates ? 'wss' : 'ws',
    });
    request.socket.on('data', (chunk: Buffer) => connection.onBytes(chunk));
    this.deps.streams.add(connection);
  }
}

/** The client's address; its port is that of the socket that reached us, so that it names one connection. */
const remoteOf = (request: IncomingMessage): SocketAddress => {
  const address = plainAddress(request.socket.remoteAddress ?? '');
  const port = request.socket.remotePort ?? 0;
  if (!isLoopback(address)) return { address, port };
  const forwarded =
    String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim() ?? '';
  return { address: plainAddress(numericHost(forwarded) ?? address), port };
};

interface WsConnectionOptions {
  readonly deps: TransportDependencies;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  readonly advertised: SocketAddress;
  readonly protocol: 'ws' | 'wss';
}

class WsConnection implements StreamConnection {
  readonly protocol: 'ws' | 'wss';
  readonly reliable = true;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  readonly advertised: SocketAddress;
  private ended = false;
  private awaitsPong = false;
  private readonly pinger: Timer;
  /** With a peer that has said nothing yet. */
  private readonly patience: Patience;
  /** With a message that has begun. */
  private readonly unfinished: Patience;
  private readonly frames = new WsFrames();

  constructor(
    private readonly socket: WebSocket,
    private readonly options: WsConnectionOptions,
  ) {
    const { deps } = options;
    this.protocol = options.protocol;
    this.remote = options.remote;
    this.local = options.local;
    this.advertised = options.advertised;
    this.pinger = deps.clock.every(deps.limits.pingPeriodMs, () => this.ping());
    const waiting = { clock: deps.clock, limitMs: deps.limits.messageTimeoutMs, onExhausted: () => this.close() };
    this.patience = new Patience(waiting);
    this.unfinished = new Patience(waiting);
    this.patience.begin();
    socket.on('message', (data: Buffer | ArrayBuffer | Buffer[]) => this.onMessage(asBuffer(data)));
    socket.on('pong', () => (this.awaitsPong = false));
    socket.on('error', (error) => deps.log.info({ peer: this.remote.address, err: error }, 'a WebSocket failed'));
    socket.on('close', () => this.onClosed());
  }

  get closed(): boolean {
    return this.ended;
  }

  send(bytes: Buffer): Promise<Result<void>> {
    const { address, port } = this.remote;
    if (this.ended) return Promise.resolve(fail('closed', `the WebSocket of ${address}:${port} is closed`));
    if (this.socket.bufferedAmount > this.options.deps.limits.maxUnsentBytes) {
      this.close();
      return Promise.resolve(fail('unavailable', `${address}:${port} reads too slowly`));
    }
    this.options.deps.onSend(bytes, this);
    return new Promise((resolve) => {
      this.socket.send(bytes, { binary: !isUtf8(bytes) }, (error) =>
        resolve(error ? fail('unavailable', `cannot send to ${address}:${port}`, error) : ok(undefined)),
      );
    });
  }

  close(): void {
    this.socket.terminate();
    this.onClosed();
  }

  /** What the socket brings, before or after `ws` has read it. */
  onBytes(chunk: Buffer): void {
    if (this.ended) return;
    if (this.frames.push(chunk)) this.unfinished.end();
    if (this.frames.isWithinMessage) this.unfinished.begin();
  }

  private onMessage(bytes: Buffer): void {
    this.awaitsPong = false;
    const text = bytes.length <= 4 ? bytes.toString('latin1') : '';
    if (text === '\r\n\r\n') {
      // sip.js and others ping as on TCP (RFC 5626, section 3.5.1); the answer is one line break.
      this.socket.send('\r\n');
    } else if (text !== '\r\n') {
      this.patience.end();
      receiveWhole(this.options.deps, bytes, this);
    }
  }

  private ping(): void {
    if (this.awaitsPong) return this.close();
    this.awaitsPong = true;
    this.socket.ping();
  }

  private onClosed(): void {
    if (this.ended) return;
    this.ended = true;
    this.pinger.cancel();
    this.patience.end();
    this.unfinished.end();
    this.options.deps.streams.remove(this);
    this.options.deps.onConnectionClosed(this);
  }
}

const asBuffer = (data: Buffer | ArrayBuffer | Buffer[]): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
