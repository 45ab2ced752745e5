/** SIP over UDP: one socket, one message a datagram (RFC 3261, 18). */
import type { RemoteInfo, Socket, SocketOptions } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { lookup as dnsLookup } from 'node:dns';
import { isIP, isIPv6 } from 'node:net';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { Connection, SocketAddress } from '../../sip/connection';
import { plainAddress } from './address';
import { SocketDelay } from './socket-delay';
import type { TransportDependencies } from './sink';
import { receiveWhole } from './sink';

export interface UdpTransportOptions {
  readonly bindAddress: string;
  /** The address for Vias towards this peer. */
  readonly advertise: (peer: string) => SocketAddress;
}

/**
 * The peers of datagrams are addresses already. Left to itself Node would put each through its queue of DNS questions;
 * only a host name, which a Via may name as `maddr`, has to go there.
 */
const lookup: NonNullable<SocketOptions['lookup']> = (host, options, callback) => {
  const family = isIP(host);
  if (family === 0) dnsLookup(host, options, callback);
  else callback(null, host, family);
};

/** Asks the kernel for room for a burst of calls; it may give less. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

export class UdpTransport {
  private readonly socket: Socket;
  private local: SocketAddress = { address: '', port: 0 };
  private delay: SocketDelay | undefined;
  private closed = false;

  constructor(
    private readonly deps: TransportDependencies,
    private readonly options: UdpTransportOptions,
  ) {
    this.socket = createSocket({ type: isIPv6(options.bindAddress) ? 'udp6' : 'udp4', lookup });
    this.socket.on('message', (datagram, peer) => this.onDatagram(datagram, peer));
  }

  /** Binds the socket; resolves with its port. @throws the system's error when the port is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.bind({ port, address: this.options.bindAddress, exclusive: true }, () => {
        this.socket.removeListener('error', reject);
        this.socket.on('error', (error) => this.deps.log.error({ err: error }, 'the UDP socket failed'));
        this.enlargeBuffers();
        const bound = this.socket.address();
        this.local = { address: bound.address, port: bound.port };
        this.delay = this.watchDelay();
        resolve(bound.port);
      });
    });
  }

  /** How long datagrams wait until we read them. */
  get delayMs(): number {
    return this.delay?.delayMs ?? 0;
  }

  /** The way to a peer: our socket and its address. */
  toward(remote: SocketAddress): Connection {
    const { advertise } = this.options;
    return new UdpPath(remote, { local: this.local, advertise, transport: this });
  }

  close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    this.delay?.close();
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private onDatagram(datagram: Buffer, peer: RemoteInfo): void {
    if (this.delay?.takes(datagram) === true) return;
    // Keep-alives of RFC 5626 (a STUN message begins with 0 or 1) and of old phones.
    if (datagram.length < 16 || (datagram[0] ?? 0) < 0x04) return;
    const address = plainAddress(peer.address);
    if (this.deps.isBanned(address)) return;
    receiveWhole(this.deps, datagram, this.toward({ address, port: peer.port }));
  }

  /** Sends one datagram. A fault means that it certainly did not leave. */
  send(bytes: Buffer, path: Connection): Promise<Result<void>> {
    if (this.closed) return Promise.resolve(fail('closed', 'the UDP socket is closed'));
    const { remote } = path;
    this.deps.onSend(bytes, path);
    return new Promise((resolve) => {
      this.socket.send(bytes, remote.port, remote.address, (error) =>
        resolve(error ? fail('unavailable', `cannot send to ${remote.address}:${remote.port}`, error) : ok(undefined)),
      );
    });
  }

  private watchDelay(): SocketDelay {
    const { address, port } = this.local;
    const own = { address: address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address, port };
    return new SocketDelay({ clock: this.deps.clock, send: (bytes) => void this.toward(own).send(bytes) });
  }

  private enlargeBuffers(): void {
    try {
      this.socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
      this.socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    } catch (error) {
      this.deps.log.debug({ err: error }, 'the UDP socket keeps its default buffers');
    }
  }
}

interface UdpPathParts {
  readonly local: SocketAddress;
  readonly advertise: (peer: string) => SocketAddress;
  readonly transport: UdpTransport;
}

/** The way to one peer. One is made for each datagram, so that it holds no more than it must. */
class UdpPath implements Connection {
  readonly protocol = 'udp';
  readonly reliable = false;

  constructor(
    readonly remote: SocketAddress,
    private readonly parts: UdpPathParts,
  ) {}

  get local(): SocketAddress {
    return this.parts.local;
  }

  get advertised(): SocketAddress {
    return this.parts.advertise(this.remote.address);
  }

  toward(other: SocketAddress): Connection {
    return this.parts.transport.toward(other);
  }

  send(bytes: Buffer): Promise<Result<void>> {
    return this.parts.transport.send(bytes, this);
  }
}
