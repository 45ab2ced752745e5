/**
 * Where a request goes: RFC 3263 for numeric hosts and A records. The connection is an open one where there is one.
 */
import type { Clock } from '../../base/clock';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Connection } from '../sip/connection';
import type { SipUri } from '../sip/uri';
import { parseUri } from '../sip/uri';
import type { Dialog } from './dialog/dialog';
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
const MAX_UDP_ONLY = 10_000;

export interface NextHopDependencies {
  readonly clock: Clock;
  readonly udp: UdpTransport;
  readonly tcp: TcpTransport;
  /** Left out: TLS is not configured. */
  readonly tls: TcpTransport | undefined;
  readonly streams: StreamTable;
  /** The address of a host name. @throws when there is none. */
  readonly lookup: (host: string) => Promise<string>;
}

export class NextHops {
  /** Peers that take no TCP, and until when we believe so. */
  private readonly udpOnly = new Map<string, number>();

  constructor(private readonly deps: NextHopDependencies) {}

  /** The way to a URI. Errors: `no_route` for what cannot be resolved, `unavailable` for a browser that has gone. */
  async toUri(text: string): Promise<Result<Connection>> {
    const parsed = parseUri(stripBrackets(text));
    if (!parsed.ok) return fail('bad_input', `invalid URI ${text}: ${parsed.fault.message}`);
    const uri = parsed.value;
    if (!uri.isSip) return fail('no_route', `no route to ${uri.scheme} URIs`);
    if (isInvalidHost(uri.host)) return this.toBrowser(uri);
    // RFC 3261, 26.2.2: SIPS means TLS, whatever the transport parameter says; RFC 5630 keeps it for ws alone.
    const named = (uri.params.get('transport') ?? 'udp').toLowerCase();
    const transport = uri.scheme === 'sips' && !named.startsWith('ws') ? 'tls' : named;
    const address = numericHost(uri.host) ?? (await this.lookUp(uri.host));
    if (address === undefined) return fail('no_route', `the host ${uri.host} has no address`);
    const remote = { address, port: uri.port ?? (transport === 'tls' ? 5061 : 5060) };
    switch (transport) {
      case 'udp':
        return ok(this.deps.udp.toward(remote));
      case 'tcp':
        return ok(this.deps.streams.find('tcp', remote.address, remote.port) ?? this.deps.tcp.connect(remote));
      case 'tls': {
        const { tls, streams } = this.deps;
        if (!tls) return fail('unsupported', 'the transport tls is not configured');
        return ok(streams.find('tls', remote.address, remote.port) ?? tls.connect(remote, uri.host));
      }
      case 'ws':
      case 'wss': {
        // A browser cannot be connected to; it is reached by the connection that it opened, or not at all.
        const { streams } = this.deps;
        const { address: host, port } = remote;
        const connection = streams.find('wss', host, port) ?? streams.find('ws', host, port);
        return connection ? ok(connection) : gone(uri);
      }
      default:
        return fail('unsupported', `the transport ${transport} is not available`);
    }
  }

  /**
   * The way for a request within a dialog. A stream that is still open is used again. Over UDP, a peer without routes
   * whose Contact names a private address other than the one it sends from sits behind NAT: it is answered where it was
   * heard from.
   */
  async toDialog(dialog: Dialog): Promise<Result<Connection>> {
    const { connection } = dialog;
    if (connection.reliable) {
      if (!(connection as StreamConnection).closed) return ok(connection);
      return this.toUri(dialog.nextHop);
    }
    const uri = parseUri(dialog.nextHop);
    if (uri.ok && !dialog.hasRoutes) {
      const address = numericHost(uri.value.host);
      const natted = address !== undefined && address !== connection.remote.address && isPrivate(address);
      if (natted || isInvalidHost(uri.value.host)) return ok(connection);
    }
    return this.toUri(dialog.nextHop);
  }

  /**
   * The way for a request of this size: RFC 3261, section 18.1.1 wants TCP where UDP would have to cut it into pieces.
   * A peer that takes no TCP gets it by UDP after all, and is remembered.
   */
  async forSize(connection: Connection, bytes: number): Promise<Connection> {
    if (connection.protocol !== 'udp' || bytes + VIA_BYTES <= MAX_DATAGRAM_BYTES) return connection;
    const { remote } = connection;
    const { streams, tcp, clock } = this.deps;
    const key = `${remote.address}/${remote.port}`;
    if ((this.udpOnly.get(key) ?? 0) > clock.monotonicMs()) return connection;
    const open = streams.find('tcp', remote.address, remote.port) ?? (await tcp.open(remote, TCP_ATTEMPT_MS));
    if (open) return open;
    if (this.udpOnly.size >= MAX_UDP_ONLY) this.udpOnly.clear();
    this.udpOnly.set(key, clock.monotonicMs() + UDP_ONLY_MS);
    return connection;
  }

  private toBrowser(uri: SipUri): Result<Connection> {
    const connection = this.deps.streams.findAlias(uri.host);
    return connection ? ok(connection) : gone(uri);
  }

  private async lookUp(host: string): Promise<string | undefined> {
    try {
      return await this.deps.lookup(host);
    } catch {
      return undefined;
    }
  }
}

const gone = (uri: SipUri): Result<Connection> =>
  fail('unavailable', `the connection of ${uri.toString()} is not open any more`);

const stripBrackets = (text: string): string => /<([^>]*)>/.exec(text)?.[1] ?? text.trim();
