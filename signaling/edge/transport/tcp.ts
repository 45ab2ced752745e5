/** SIP over TCP and TLS (RFC 3261, 18 and 26): messages are cut from the stream by Content-Length. */
import type { Server, Socket } from 'node:net';
import { connect, createServer, isIP } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { Timer } from '../../../base/clock';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { SocketAddress } from '../../sip/connection';
import type { StreamEvent } from '../../sip/stream-framer';
import { StreamFramer } from '../../sip/stream-framer';
import { plainAddress } from './address';
import type { Certificates } from './certificates';
import { listening } from './listening';
import type { TransportDependencies } from './sink';
import { Patience } from './patience';
import type { StreamConnection } from './stream-table';

export class TcpTransport {
  private readonly server: Server;

  /** @param certificates given: TLS with these, otherwise TCP. */
  constructor(
    private readonly deps: TransportDependencies,
    private readonly advertise: (peer: string) => SocketAddress,
    private readonly certificates?: Certificates,
  ) {
    this.server = certificates ? this.tlsServer(certificates) : createServer((socket) => this.accept(socket));
  }

  private tlsServer(certificates: Certificates): Server {
    const requestCert = certificates.requirePeerCertificate;
    const handshakeTimeout = this.deps.limits.messageTimeoutMs;
    const server = createTlsServer(
      { ...certificates.options, requestCert, rejectUnauthorized: requestCert, handshakeTimeout },
      (socket) => this.accept(socket),
    );
    server.on('tlsClientError', (error, socket) => {
      this.deps.log.info({ err: error, address: socket.remoteAddress }, 'a TLS handshake failed');
      socket.destroy();
    });
    certificates.onChange((options) => server.setSecureContext(options));
    return server;
  }

  /** Resolves with the port. @throws the system's error when the port is taken. */
  listen(address: string, port: number): Promise<number> {
    const onError = (error: Error): void => this.deps.log.error({ err: error }, 'the TCP door failed');
    return listening(this.server, { address, port }, onError);
  }

  /** Opens a connection; what is sent meanwhile waits, and fails when it does not open. */
  connect(remote: SocketAddress, serverName?: string): StreamConnection {
    return this.add(this.dial(remote, serverName), { remote, serverName, dialled: true });
  }

  /** Opens a connection and waits until it stands; undefined when it does not within `withinMs`. */
  async open(remote: SocketAddress, withinMs: number): Promise<StreamConnection | undefined> {
    const socket = this.dial(remote);
    const connection = this.add(socket, { remote, dialled: true });
    const opened = await new Promise<boolean>((resolve) => {
      const timer = this.deps.clock.after(withinMs, () => resolve(false));
      const finish = (result: boolean) => (): void => {
        timer.cancel();
        resolve(result);
      };
      socket.once('connect', finish(true)).once('close', finish(false));
    });
    if (!opened) connection.close();
    return opened ? connection : undefined;
  }

  /** RFC 5922, section 7: the certificate must be that of the host that was asked for, name or address. */
  private dial(remote: SocketAddress, serverName?: string): Socket {
    const to = { host: remote.address, port: remote.port };
    if (!this.certificates) return connect(to);
    const name = serverName !== undefined && isIP(serverName) === 0 ? { servername: serverName } : {};
    return connectTls({ ...to, ...name, ...this.certificates.options });
  }

  /** Closes the door; the open connections are the stream table's. */
  async close(): Promise<void> {
    if (this.server.listening) await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const reason = this.deps.connectionRefusal(address, this.certificates ? 'tls' : 'tcp');
    if (reason !== undefined || address === '') {
      if (reason !== 'banned') this.deps.log.warn({ address, reason }, 'a TCP connection was refused');
      socket.destroy();
      return;
    }
    this.add(socket, { remote: { address, port: socket.remotePort ?? 0 }, dialled: false });
  }

  private add(
    socket: Socket,
    peer: Pick<TcpConnectionOptions, 'remote' | 'dialled'> & { readonly serverName?: string | undefined },
  ): TcpConnection {
    const connection = new TcpConnection(socket, {
      ...peer,
      deps: this.deps,
      serverName: peer.serverName,
      advertised: this.advertise(peer.remote.address),
      protocol: this.certificates ? 'tls' : 'tcp',
    });
    this.deps.streams.add(connection);
    return connection;
  }
}

interface TcpConnectionOptions {
  readonly deps: TransportDependencies;
  readonly remote: SocketAddress;
  readonly advertised: SocketAddress;
  readonly protocol: 'tcp' | 'tls';
  readonly serverName: string | undefined;
  /** Whether we opened it, so that the peer owes us no first message. */
  readonly dialled: boolean;
}

class TcpConnection implements StreamConnection {
  readonly protocol: 'tcp' | 'tls';
  readonly reliable = true;
  readonly remote: SocketAddress;
  readonly serverName: string | undefined;
  readonly advertised: SocketAddress;
  private readonly framer: StreamFramer;
  private readonly opening: Timer | undefined;
  private readonly patience: Patience;
  private idle: Timer;
  private ended = false;
  /** Whether the TLS handshake of a connection that we open succeeds; undefined when there is none to wait for. */
  private securing: Promise<boolean> | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly options: TcpConnectionOptions,
  ) {
    const { deps } = options;
    this.protocol = options.protocol;
    this.remote = options.remote;
    this.serverName = options.serverName;
    this.advertised = options.advertised;
    this.framer = new StreamFramer({ bodyBytes: deps.limits.maxMessageBytes, headBytes: deps.limits.maxMessageBytes });
    this.idle = this.startIdle();
    this.patience = new Patience({
      clock: deps.clock,
      limitMs: deps.limits.messageTimeoutMs,
      onExhausted: () => this.tooSlow(),
    });
    if (!options.dialled) this.patience.begin();
    if (socket.connecting) {
      this.opening = deps.clock.after(deps.limits.connectTimeoutMs, () => this.close());
      socket.once(options.protocol === 'tls' ? 'secureConnect' : 'connect', () => this.opening?.cancel());
      if (options.protocol === 'tls') this.securing = this.whetherSecure();
    }
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('error', (error) => deps.log.info({ peer: this.remote, err: error }, 'a TCP connection failed'));
    socket.on('end', () => socket.end());
    socket.on('close', () => this.onClosed());
  }

  get local(): SocketAddress {
    const { address } = this.advertised;
    return { address: plainAddress(this.socket.localAddress ?? address), port: this.socket.localPort ?? 0 };
  }

  get closed(): boolean {
    return this.ended;
  }

  send(bytes: Buffer): Promise<Result<void>> {
    const { address, port } = this.remote;
    if (this.ended) return Promise.resolve(fail('closed', `the connection to ${address}:${port} is closed`));
    if (this.socket.writableLength > this.options.deps.limits.maxUnsentBytes) {
      this.close();
      return Promise.resolve(fail('unavailable', `${address}:${port} reads too slowly`));
    }
    this.restartIdle();
    if (!this.securing) return this.write(bytes);
    // Node counts what is written before a handshake that fails as sent.
    const why = `no TLS connection to ${address}:${port} came about`;
    return this.securing.then((isSecure) => (isSecure ? this.write(bytes) : fail('unavailable', why)));
  }

  private write(bytes: Buffer): Promise<Result<void>> {
    const { address, port } = this.remote;
    this.options.deps.onSend(bytes, this);
    return new Promise((resolve) => {
      this.socket.write(bytes, (error) =>
        resolve(error ? fail('unavailable', `cannot send to ${address}:${port}`, error) : ok(undefined)),
      );
    });
  }

  private whetherSecure(): Promise<boolean> {
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve(false));
      this.socket.once('secureConnect', () => {
        this.securing = undefined;
        resolve(true);
      });
    });
  }

  close(): void {
    this.socket.destroy();
    this.onClosed();
  }

  private onData(chunk: Buffer): void {
    this.restartIdle();
    for (const event of this.framer.push(chunk)) {
      if (event.kind === 'message') this.patience.end();
      this.onEvent(event);
      if (this.ended) return;
    }
    if (this.framer.isWithinMessage) this.patience.begin();
  }

  private onEvent(event: StreamEvent): void {
    const { deps } = this.options;
    switch (event.kind) {
      case 'message':
        return deps.onMessage(event.message, this, event.pieces);
      case 'ping':
        this.socket.write('\r\n');
        return;
      case 'pong':
        return;
      case 'fault':
        return deps.onFault(event.fault, this);
      case 'broken':
        deps.onFault(event.fault, this);
        this.socket.end(() => this.close());
    }
  }

  private tooSlow(): void {
    this.options.deps.log.info({ peer: this.remote }, 'a connection was closed: no whole message came in time');
    this.close();
  }

  private startIdle(): Timer {
    return this.options.deps.clock.after(this.options.deps.limits.idleTimeoutMs, () => this.close());
  }

  private restartIdle(): void {
    this.idle.cancel();
    this.idle = this.startIdle();
  }

  private onClosed(): void {
    if (this.ended) return;
    this.ended = true;
    this.idle.cancel();
    this.opening?.cancel();
    this.patience.end();
    this.options.deps.streams.remove(this);
    this.options.deps.onConnectionClosed(this);
  }
}
