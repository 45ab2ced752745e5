/** The open connections of the stream transports, found again by where they lead to. */
import { isIP } from 'node:net';
import { networkOf } from '../../../base/network';
import type { Connection, SocketAddress, TransportProtocol } from '../../sip/connection';

/** A {@link Connection} over a socket that opens and closes. */
export interface StreamConnection extends Connection {
  readonly closed: boolean;
  /** The host whose certificate the peer has shown, when we opened the connection by TLS. */
  readonly serverName?: string | undefined;
  close(): void;
}

const keyOf = (protocol: TransportProtocol, address: string, port: number): string => `${protocol}/${address}/${port}`;

/**
 * Connections by remote address and port, and browsers' by the made-up host of their Contact: RFC 7118, section 5.1
 * lets a WebSocket client write a random host under `.invalid`, which leads nowhere but to the connection it came by.
 */
export class StreamTable {
  private readonly open = new Set<StreamConnection>();
  private readonly byRemote = new Map<string, StreamConnection>();
  /** Those with a server name, by remote and name: one address may serve several hosts. */
  private readonly byName = new Map<string, StreamConnection>();
  private readonly byAlias = new Map<string, StreamConnection>();
  private readonly registered = new WeakSet<StreamConnection>();
  /** Those who wait for a browser to come back. */
  private readonly awaited = new Map<string, Set<(connection: StreamConnection) => void>>();
  private readonly aliasesOf = new Map<StreamConnection, Set<string>>();

  private readonly countBySource = new Map<string, number>();

  /** @param maxConnections further connections are refused. */
  constructor(private readonly maxConnections: number) {}

  get size(): number {
    return this.open.size;
  }

  get full(): boolean {
    return this.open.size >= this.maxConnections;
  }

  add(connection: StreamConnection): void {
    const { protocol, remote, serverName } = connection;
    const key = keyOf(protocol, remote.address, remote.port);
    this.open.add(connection);
    this.byRemote.set(key, connection);
    if (serverName !== undefined) this.byName.set(`${key}/${serverName.toLowerCase()}`, connection);
    this.count(remote.address, 1);
  }

  remove(connection: StreamConnection): void {
    const { protocol, remote, serverName } = connection;
    if (!this.open.delete(connection)) return;
    const key = keyOf(protocol, remote.address, remote.port);
    if (this.byRemote.get(key) === connection) this.byRemote.delete(key);
    const named = `${key}/${serverName?.toLowerCase()}`;
    if (this.byName.get(named) === connection) this.byName.delete(named);
    this.count(remote.address, -1);
    for (const alias of this.aliasesOf.get(connection) ?? []) {
      if (this.byAlias.get(alias) === connection) this.byAlias.delete(alias);
    }
    this.aliasesOf.delete(connection);
  }

  /** Connections with this address, or with its /64. */
  countOf(address: string): number {
    return this.countBySource.get(networkOf(address)) ?? 0;
  }

  find(protocol: TransportProtocol, address: string, port: number): StreamConnection | undefined {
    return this.byRemote.get(keyOf(protocol, address, port));
  }

  /**
   * A TLS connection for this host. One that we opened for another host of the same address is none: its peer has proved
   * to be that other host (RFC 5922, 7). Who connected to us, or is asked for by address, is known by the address.
   */
  findTls(remote: SocketAddress, host: string): StreamConnection | undefined {
    const { address, port } = remote;
    const named = this.byName.get(`${keyOf('tls', address, port)}/${host.toLowerCase()}`);
    if (named) return named;
    const found = this.find('tls', address, port);
    return found?.serverName === undefined || isIP(host.replace(/^\[|\]$/g, '')) !== 0 ? found : undefined;
  }

  /** Remembers the `.invalid` host of a Contact that came by this connection. At most four a connection. */
  addAlias(host: string, connection: StreamConnection): void {
    if (!this.open.has(connection)) return;
    const aliases = this.aliasesOf.get(connection) ?? new Set<string>();
    const alias = host.toLowerCase();
    if (aliases.size >= MAX_ALIASES && !aliases.has(alias)) return;
    // A host that another live connection uses stays with that one: nobody can take over a browser's calls.
    if (this.byAlias.has(alias) && this.byAlias.get(alias) !== connection) return;
    this.aliasesOf.set(connection, aliases.add(alias));
    this.byAlias.set(alias, connection);
    for (const tell of this.awaited.get(alias) ?? []) tell(connection);
  }

  /** Calls once with the connection that a browser with this host comes back by; the returned function gives up. */
  awaitAlias(host: string, tell: (connection: StreamConnection) => void): () => void {
    const alias = host.toLowerCase();
    const tellers = this.awaited.get(alias) ?? new Set();
    const forget = (): void => {
      tellers.delete(once);
      if (tellers.size === 0) this.awaited.delete(alias);
    };
    const once = (connection: StreamConnection): void => {
      forget();
      tell(connection);
    };
    this.awaited.set(alias, tellers.add(once));
    return forget;
  }

  /** Marks a connection by which somebody has registered: when it closes, the registrar wants to know. */
  markRegistered(connection: StreamConnection): void {
    this.registered.add(connection);
  }

  isRegistered(connection: StreamConnection): boolean {
    return this.registered.has(connection);
  }

  findAlias(host: string): StreamConnection | undefined {
    return this.byAlias.get(host.toLowerCase());
  }

  private count(address: string, change: 1 | -1): void {
    const source = networkOf(address);
    const count = this.countOf(address) + change;
    if (count > 0) this.countBySource.set(source, count);
    else this.countBySource.delete(source);
  }

  all(): StreamConnection[] {
    return [...this.open];
  }
}

const MAX_ALIASES = 4;

/** Whether a Contact's host can only be reached by the connection that it came by. */
export const isInvalidHost = (host: string): boolean => host.toLowerCase().endsWith('.invalid');
