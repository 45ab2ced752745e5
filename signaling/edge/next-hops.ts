/**
 * Where a request goes (RFC 3263). The connection is an open one where there is one.
 */
import { BoundedMap } from '../../base/bounded-map';
import type { Clock } from '../../base/clock';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Connection, SocketAddress } from '../sip/connection';
import type { SipUri } from '../sip/uri';
import { parseUri } from '../sip/uri';
import type { Dialog } from './dialog/dialog';
import type { Resolver, Target } from './resolver';
import { isPrivate, numericHost } from './transport/address';
import type { StreamConnection, StreamTable } from './transport/stream-table';
import { isInvalidHost } from './transport/stream-table';
import type { TcpTransport } from './transport/tcp';
import type { UdpTransport } from './transport/udp';

/** RFC 3261, section 18.1.1: what fits into a datagram where the path's MTU is not known. */
const MAX_DATAGRAM_BYTES = 1_300;

/** About what the Via adds that a request gets last. */
const VIA_BYTES = 100;

const TCP_ATTEMPT_MS = 1_000;
const UDP_ONLY_MS = 10 * 60_000;
const MAX_REMEMBERED = 10_000;

/** A browser is back within a second or two, when its network is there. */
const BROWSER_PATIENCE_MS = 5_000;

/** Whose call is over must hear of it, even if it takes as long as a BYE may (64*T1): its telephone counts as busy. */
export const BYE_PATIENCE_MS = 32_000;

/** How long a server that did not answer is passed over. */
const AVOID_MS = 60_000;

export interface NextHopDependencies {
  readonly clock: Clock;
  readonly udp: UdpTransport;
  readonly tcp: TcpTransport;
  /** Left out: TLS is not configured. */
  readonly tls: TcpTransport | undefined;
  readonly streams: StreamTable;
  readonly resolver: Resolver;
}

export class NextHops {
  /** Peers that take no TCP, and until when we believe so. */
  private readonly udpOnly = new BoundedMap<string, number>(MAX_REMEMBERED);

  /** Servers that did not answer, and until when they are passed over. */
  private readonly failed = new BoundedMap<string, number>(MAX_REMEMBERED);

  constructor(private readonly deps: NextHopDependencies) {}

  /** The way to a URI. Errors: `no_route` for what cannot be resolved, `unavailable` for a browser that has gone. */
  async toUri(text: string): Promise<Result<Connection>> {
    const parsed = parseUri(stripBrackets(text));
    if (!parsed.ok) return fail('bad_input', `invalid URI ${text}: ${parsed.fault.message}`);
    const uri = parsed.value;
    if (!uri.isSip) return fail('no_route', `no route to ${uri.scheme} URIs`);
    if (isInvalidHost(uri.host)) return this.toBrowser(uri);
    const targets = await this.deps.resolver.resolve(uri);
    // RFC 3263, 4.3: the first that has not failed lately; when all have, the first again.
    const target = targets.find((one) => !this.avoided(one)) ?? targets[0];
    if (target === undefined) return fail('no_route', `the host ${uri.host} has no address`);
    return this.toTarget(target, uri);
  }

  /** Remembers that a server did not answer, so that the next request goes to another one (RFC 3263, 4.3). */
  avoid({ remote }: Connection): void {
    this.failed.set(keyOf(remote), this.deps.clock.monotonicMs() + AVOID_MS);
  }

  private avoided(target: SocketAddress): boolean {
    return (this.failed.get(keyOf(target)) ?? 0) > this.deps.clock.monotonicMs();
  }

  private toTarget({ transport, address, port }: Target, uri: SipUri): Result<Connection> {
    const remote = { address, port };
    switch (transport) {
      case 'udp':
        return ok(this.deps.udp.toward(remote));
      case 'tcp':
        return ok(this.deps.streams.find('tcp', remote.address, remote.port) ?? this.deps.tcp.connect(remote));
      case 'tls': {
        const { tls, streams } = this.deps;
        if (!tls) return fail('unsupported', 'the transport tls is not configured');
        return ok(streams.findTls(remote, uri.host) ?? tls.connect(remote, uri.host));
      }
      case 'ws':
      case 'wss': {
        // A browser cannot be connected to; it is reached by the connection that it opened, or not at all.
        const { streams } = this.deps;
        const connection = streams.find('wss', address, port) ?? streams.find('ws', address, port);
        return connection ? ok(connection) : gone(uri);
      }
      default:
        return fail('unsupported', `the transport ${transport} is not available`);
    }
  }

  /**
   * The way for a request within a dialog. A stream that is still open is used again. Over UDP, a peer without routes
   * whose Contact names a private address other than the one it sends from sits behind NAT: it is answered where it was
   * heard from. @param patienceMs how long a browser that has gone is waited for.
   */
  async toDialog(dialog: Dialog, patienceMs = BROWSER_PATIENCE_MS): Promise<Result<Connection>> {
    const { connection } = dialog;
    if (connection.reliable) {
      if (!(connection as StreamConnection).closed) return ok(connection);
      const hop = await this.toUri(dialog.nextHop);
      return hop.ok ? hop : this.whenBack(dialog.nextHop, { gone: hop, patienceMs });
    }
    const uri = parseUri(dialog.nextHop);
    if (uri.ok && !dialog.hasRoutes) {
      const address = numericHost(uri.value.host);
      const natted = address !== undefined && address !== connection.remote.address && isPrivate(address);
      if (natted || isInvalidHost(uri.value.host)) return ok(connection);
    }
    return this.toUri(dialog.nextHop);
  }

  /** A browser that has lost its connection opens another one; in a call it is worth waiting for. */
  private whenBack(
    nextHop: string,
    { gone, patienceMs }: { readonly gone: Result<Connection>; readonly patienceMs: number },
  ): Promise<Result<Connection>> {
    const uri = parseUri(stripBrackets(nextHop));
    if (!uri.ok || !isInvalidHost(uri.value.host)) return Promise.resolve(gone);
    const { streams, clock } = this.deps;
    return new Promise((resolve) => {
      const forget = streams.awaitAlias(uri.value.host, (connection) => {
        patience.cancel();
        resolve(ok(connection));
      });
      const patience = clock.after(patienceMs, () => {
        forget();
        resolve(gone);
      });
    });
  }

  /**
   * The way for a request of this size: RFC 3261, section 18.1.1 wants TCP where UDP would have to cut it into pieces.
   * A peer that takes no TCP gets it by UDP after all, and is remembered.
   */
  async forSize(connection: Connection, bytes: number): Promise<Connection> {
    if (connection.protocol !== 'udp' || bytes + VIA_BYTES <= MAX_DATAGRAM_BYTES) return connection;
    const { remote } = connection;
    const { streams, tcp, clock } = this.deps;
    const key = keyOf(remote);
    if ((this.udpOnly.get(key) ?? 0) > clock.monotonicMs()) return connection;
    const open = streams.find('tcp', remote.address, remote.port) ?? (await tcp.open(remote, TCP_ATTEMPT_MS));
    if (open) return open;
    this.udpOnly.set(key, clock.monotonicMs() + UDP_ONLY_MS);
    return connection;
  }

  private toBrowser(uri: SipUri): Result<Connection> {
    const connection = this.deps.streams.findAlias(uri.host);
    return connection ? ok(connection) : gone(uri);
  }
}

/** Whether the other side is a browser: nobody can connect to it, it has to come back by itself. */
export const isBrowser = ({ connection, nextHop }: Pick<Dialog, 'connection' | 'nextHop'>): boolean => {
  if (connection.protocol === 'ws' || connection.protocol === 'wss') return true;
  const uri = parseUri(stripBrackets(nextHop));
  return uri.ok && isInvalidHost(uri.value.host);
};

const keyOf = ({ address, port }: SocketAddress): string => `${address}/${port}`;

const gone = (uri: SipUri): Result<Connection> =>
  fail('unavailable', `the connection of ${uri.toString()} is not open any more`);

const stripBrackets = (text: string): string => /<([^>]*)>/.exec(text)?.[1] ?? text.trim();
