/**
 * DTLS on one UDP socket, whoever sends to it: the first who proves to have the certificate of the SDP is the peer. Until
 * then a few handshakes may run beside each other, so that a stranger who is faster keeps nobody out.
 */
import type { Clock } from '../../base/clock';
import type { TransportAddress } from '../sdp/rtp-remote';
import type { AgreedSecurity } from '../srtp/packet-security';
import { DtlsAssociation } from './dtls-association';
import type { HandshakeParts } from './handshake';

const MAX_HANDSHAKES = 4;

export interface DtlsDoorOptions extends HandshakeParts {
  readonly role: 'client' | 'server';
  readonly clock: Clock;
  readonly send: (datagram: Buffer, to: TransportAddress) => void;
  /** Where a client says hello to; asked each time, since the peer may become known later. */
  readonly destination: () => TransportAddress | undefined;
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
  private readonly visitors = new Map<string, Visitor>();
  private own: Visitor | undefined;

  constructor(private readonly options: DtlsDoorOptions) {}

  /** A client begins; a server waits. */
  start(): void {
    if (this.options.role === 'client') this.own = this.admit(undefined);
  }

  receive(datagram: Buffer, from: TransportAddress): void {
    const { state } = this;
    if (state.kind === 'connected') this.hear(state.peer, datagram, from);
    else if (state.kind === 'open' && this.own) this.hear(this.own, datagram, from);
    else if (state.kind === 'open') this.visitorAt(from).association.receive(datagram);
  }

  /** Idempotent. */
  close(): void {
    const { state } = this;
    this.state = { kind: 'closed' };
    if (state.kind === 'connected') state.peer.association.close();
    this.own?.association.close();
    this.dismiss();
  }

  /** The answer goes to where the datagram came from: a NAT may have changed its mind. */
  private hear(visitor: Visitor, datagram: Buffer, from: TransportAddress): void {
    visitor.address = { address: from.address, port: from.port };
    visitor.association.receive(datagram);
  }

  private visitorAt(from: TransportAddress): Visitor {
    const key = `${from.address} ${from.port}`;
    let visitor = this.visitors.get(key);
    if (!visitor) {
      const [oldest] = this.visitors;
      if (oldest && this.visitors.size >= MAX_HANDSHAKES) {
        this.visitors.delete(oldest[0]);
        oldest[1].association.close();
      }
      visitor = this.admit({ address: from.address, port: from.port });
      this.visitors.set(key, visitor);
    }
    return visitor;
  }

  private admit(address: TransportAddress | undefined): Visitor {
    const { options } = this;
    const association = new DtlsAssociation({
      role: options.role,
      certificate: options.certificate,
      remoteFingerprints: options.remoteFingerprints,
      clock: options.clock,
      send: (datagram) => {
        const to = visitor.address ?? options.destination();
        if (to) options.send(datagram, to);
      },
      onConnected: (security) => this.connect(visitor, security),
      onEnded: (reason) => this.left(visitor, reason),
    });
    const visitor: Visitor = { association, address };
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
