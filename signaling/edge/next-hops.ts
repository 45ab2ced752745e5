/**
 * Where a request goes: RFC 3263 for numeric hosts and A records. The connection is an open one where there is one.
 */
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

export interface NextHopDependencies {
  readonly udp: UdpTransport;
  readonly tcp: TcpTransport;
  readonly streams: StreamTable;
  /** The address of a host name. @throws when there is none. */
  readonly lookup: (host: string) => Promise<string>;
}

export class NextHops {
  constructor(private readonly deps: NextHopDependencies) {}

  /** The way to a URI. Errors: `no_route` for what cannot be resolved, `unavailable` for a browser that has gone. */
  async toUri(text: string): Promise<Result<Connection>> {
    const parsed = parseUri(stripBrackets(text));
    if (!parsed.ok) return fail('bad_input', `invalid URI ${text}: ${parsed.fault.message}`);
    const uri = parsed.value;
    if (uri.scheme !== 'sip') return fail('no_route', `no route to ${uri.scheme} URIs`);
    if (isInvalidHost(uri.host)) return this.toBrowser(uri);
    const transport = (uri.params.get('transport') ?? 'udp').toLowerCase();
    const address = numericHost(uri.host) ?? (await this.lookUp(uri.host));
    if (address === undefined) return fail('no_route', `the host ${uri.host} has no address`);
    const remote = { address, port: uri.port ?? 5060 };
    switch (transport) {
      case 'udp':
        return ok(this.deps.udp.toward(remote));
      case 'tcp':
        return ok(this.deps.streams.find('tcp', remote.address, remote.port) ?? this.deps.tcp.connect(remote));
      case 'ws':
      case 'wss': {
        // A browser cannot be connected to; it is reached by the connection that it opened, or not at all.
        const connection = this.deps.streams.find('ws', remote.address, remote.port);
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
