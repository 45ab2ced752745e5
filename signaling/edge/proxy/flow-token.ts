/**
 * Flow tokens (RFC 5626, 5.2): the user part of a Route of ours that names the very connection to a user agent, signed,
 * so that nobody can have us send anything anywhere. They stand in the Path of proxied REGISTERs (RFC 3327) and in the
 * Record-Routes towards stream connections.
 *
 * ```
 * flow-PROOF-PAYLOAD      PAYLOAD: base64url of protocol!address!port!connection
 * ```
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Connection, SocketAddress } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import type { SipUri } from '../../sip/uri';
import { ownHostport } from '../own-address';
import type { StreamTable } from '../transport/stream-table';

/** Where a token leads: `none` is no token, `forged` one that we have not made, `gone` a connection that has closed. */
export type Flow =
  | { readonly kind: 'none' }
  | { readonly kind: 'forged' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'open'; readonly connection: Connection };

const TOKEN = /^flow-([0-9a-f]{20})-([\w-]{8,200})$/;

export interface FlowTokenDependencies {
  /** The same one after a restart: then tokens of before lead nowhere, but are not taken for forged. */
  readonly key: Buffer;
  readonly streams: StreamTable;
  readonly udp: (remote: SocketAddress) => Connection;
}

export class FlowTokens {
  /** Tells two connections apart that come from one address and port, one after the other. */
  private readonly names = new WeakMap<Connection, string>();

  constructor(private readonly deps: FlowTokenDependencies) {}

  /** The user part that leads back over this connection. */
  make(flow: Connection): string {
    const { address, port } = flow.remote;
    const text = [flow.protocol, address, port, flow.reliable ? this.nameOf(flow) : ''].join('!');
    const payload = Buffer.from(text).toString('base64url');
    return `flow-${this.proof(payload)}-${payload}`;
  }

  /** A Path value that leads over `flow`; the address is the one at which the next hop reaches us. */
  path(flow: Connection, leavesBy: Connection, isOutbound: boolean): string {
    const transport = leavesBy.protocol === 'udp' ? '' : `;transport=${leavesBy.protocol}`;
    return `<sip:${this.make(flow)}@${ownHostport(leavesBy)}${transport};lr${isOutbound ? ';ob' : ''}>`;
  }

  /** Whether a URI carries a token that we have made. */
  owns(uri: SipUri): boolean {
    return this.payloadOf(uri) !== undefined;
  }

  /** Where the Routes on top of a request that are ours lead: the last of them decides. */
  of(request: SipRequest, isOurs: (uri: SipUri) => boolean): Flow {
    let flow: Flow = { kind: 'none' };
    for (const { uri } of request.routes) {
      const isToken = TOKEN.test(uri.user ?? '');
      if (!isToken && !isOurs(uri)) break;
      flow = isToken ? this.read(uri) : { kind: 'none' };
      if (flow.kind === 'forged') break;
    }
    return flow;
  }

  private proof(payload: string): string {
    return createHmac('sha256', this.deps.key).update(`flow ${payload}`).digest('hex').slice(0, 20);
  }

  private read(uri: SipUri): Flow {
    const payload = this.payloadOf(uri);
    if (payload === undefined) return { kind: 'forged' };
    const [protocol = '', address = '', port = '', name] = Buffer.from(payload, 'base64url').toString().split('!');
    const remote = { address, port: Number(port) };
    if (protocol === 'udp') return { kind: 'open', connection: this.deps.udp(remote) };
    const stream = this.deps.streams.find(protocol as Connection['protocol'], address, remote.port);
    const isSame = stream !== undefined && !stream.closed && this.names.get(stream) === name;
    return isSame ? { kind: 'open', connection: stream } : { kind: 'gone' };
  }

  private payloadOf(uri: SipUri): string | undefined {
    const [, given = '', payload = ''] = TOKEN.exec(uri.user ?? '') ?? [];
    if (payload === '') return undefined;
    return timingSafeEqual(Buffer.from(given), Buffer.from(this.proof(payload))) ? payload : undefined;
  }

  private nameOf(connection: Connection): string {
    const known = this.names.get(connection);
    if (known !== undefined) return known;
    const name = randomUUID().slice(0, 8);
    this.names.set(connection, name);
    return name;
  }
}
