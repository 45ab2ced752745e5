/**
 * DTLS on one UDP socket, whoever sends to it: the first who proves to have the certificate of the SDP is the peer. Until
 * then a few handshakes may run beside each other, so that a stranger who is faster keeps nobody out.
 */
import type { Clock } from '../../base/clock';
import type { TransportAddress } from '../sdp/rtp-remote';
import type { AgreedSecurity } from '../srtp/packet-security';
import { CookieJar, readFirstHello } from './cookie';
import { DtlsAssociation } from './dtls-association';
import type { HandshakeParts, HelloNumbers } from './handshake';

const MAX_HANDSHAKES = 4;

export interface DtlsDoorOptions extends Omit<HandshakeParts, 'continues'> {
  readonly role: 'client' | 'server';
  readonly clock: Clock;
  readonly send: (datagram: Buffer, to: TransportAddress) => void;
  /** Where a client says hello to, and is answered from; asked each time, since the peer may become known later. */
  readonly destination: () => TransportAddress | undefined;
  /** Whether the address is the peer's without doubt, as ICE finds out: one of several, and no cookie is asked for. */
  readonly isProved: (from: TransportAddress) => boolean;
  /** Called once. */
  readonly onConnected: (security: AgreedSecurity, from: TransportAddress) => void;
  /** A handshake has come to nothing; others may still succeed. */
  readonly onFailed: (reason: string, from: TransportAddress | undefined) => void;
}

interface Visitor {
  readonly association: DtlsAssociation;
  address: TransportAddress | undefined;
}

type State =
  { readonly kind: 'open' } | { readonly kind: 'connected'; readonly peer: Visitor } | { readonly kind: 'closed' };

export class DtlsDoor {
  private state: State = { kind: 'open' };
  private readonly cookies = new CookieJar();
  /** Handshakes of whoever has come by itself, by address. */
  private readonly visitors = new Map<string, Visitor>();
  /** That with the peer, where it is known to be one: we have begun, or ICE has proved its addresses. */
  private own: Visitor | undefined;

  constructor(private readonly options: DtlsDoorOptions) {}

  /** A client begins; a server waits. */
  start(): void {
    if (this.options.role === 'client') this.own = this.admit(undefined);
  }

  receive(datagram: Buffer, from: TransportAddress): void {
    const { state, options } = this;
    if (state.kind === 'closed') return;
    if (state.kind === 'connected') return this.hearPeer(state.peer, datagram, from);
    // Over ICE the peer may change its way in the middle of a handshake.
    if (options.role === 'server' && options.isProved(from)) this.own ??= this.admit(from);
    if (this.own) this.hearPeer(this.own, datagram, from);
    else this.hearVisitor(datagram, from);
  }

  /** Idempotent. */
  close(): void {
    const { state } = this;
    this.state = { kind: 'closed' };
    if (state.kind === 'connected') state.peer.association.close();
    this.own?.association.close();
    this.dismiss();
  }

  /** From another host anybody could end or divert a handshake that is not proved yet. The port a NAT may change. */
  private hearPeer(peer: Visitor, datagram: Buffer, from: TransportAddress): void {
    const { destination, isProved } = this.options;
    if (from.address !== peer.address?.address && from.address !== destination()?.address && !isProved(from)) return;
    peer.address = { address: from.address, port: from.port };
    peer.association.receive(datagram);
  }

  private hearVisitor(datagram: Buffer, from: TransportAddress): void {
    const known = this.visitors.get(keyOf(from));
    if (known) return known.association.receive(datagram);
    const first = readFirstHello(datagram);
    if (!first) return;
    if (!this.cookies.isRight(first, from)) return this.options.send(this.cookies.ask(first, from), from);
    if (!this.hasRoomFor(from)) return;
    const visitor = this.admit(from, first);
    this.visitors.set(keyOf(from), visitor);
    visitor.association.receive(datagram);
  }

  /** The oldest goes; one from where the peer is expected only for another from there. */
  private hasRoomFor(from: TransportAddress): boolean {
    if (this.visitors.size < MAX_HANDSHAKES) return true;
    const expected = this.options.destination()?.address;
    const all = [...this.visitors];
    const strangers = all.filter(([, { address }]) => address?.address !== expected);
    const [oldest] = strangers.length === 0 && from.address === expected ? all : strangers;
    if (!oldest) return false;
    this.visitors.delete(oldest[0]);
    oldest[1].association.close();
    return true;
  }

  private admit(from: TransportAddress | undefined, continues?: HelloNumbers): Visitor {
    const { options } = this;
    const association = new DtlsAssociation({
      role: options.role,
      certificate: options.certificate,
      remoteFingerprints: options.remoteFingerprints,
      continues,
      clock: options.clock,
      send: (datagram) => {
        const [known, heard] = [options.destination(), visitor.address];
        const to = options.role === 'client' ? (known ?? heard) : (heard ?? known);
        if (to) options.send(datagram, to);
      },
      onConnected: (security) => this.connect(visitor, security),
      onEnded: (reason) => this.left(visitor, reason),
    });
    const visitor: Visitor = { association, address: from && { address: from.address, port: from.port } };
    association.start();
    return visitor;
  }

  private connect(visitor: Visitor, security: AgreedSecurity): void {
    const from = visitor.address;
    if (this.state.kind !== 'open' || !from) return;
    this.state = { kind: 'connected', peer: visitor };
    this.dismiss(visitor);
    this.options.onConnected(security, from);
  }

  private left(visitor: Visitor, reason: string): void {
    for (const [key, other] of this.visitors) if (other === visitor) this.visitors.delete(key);
    // That a peer closes DTLS says nothing about its packets; its BYE does, or their absence.
    if (this.state.kind === 'open') this.options.onFailed(reason, visitor.address);
  }

  private dismiss(peer?: Visitor): void {
    for (const visitor of this.visitors.values()) if (visitor !== peer) visitor.association.close();
    this.visitors.clear();
  }
}

const keyOf = ({ address, port }: TransportAddress): string => `${address} ${port}`;
