/**
 * Our part of ICE where the peer does the work (RFC 8445, 2.5, "lite"): we name our host candidates, answer its checks,
 * and send where it has nominated. Packets count from addresses alone that a check has proved.
 */
import { randomBytes } from 'node:crypto';
import type { TransportAddress } from '../sdp/rtp-remote';
import { isIntact, parseStun, writeResponse } from './stun-message';
import type { StunMessage } from './stun-message';

export interface IceCredentials {
  readonly usernameFragment: string;
  readonly password: string;
}

/** 1 for RTP, 2 for RTCP where that has a port of its own. */
export type IceComponent = 1 | 2;

/** A peer tries each of its addresses; more than it could have are not kept. */
const MAX_PAIRS = 16;

interface Pairs {
  /** Addresses that a check has proved, the newest last. */
  readonly proved: Map<string, TransportAddress>;
  nominated: TransportAddress | undefined;
}

const keyOf = ({ address, port }: TransportAddress): string => `${address} ${port}`;

/** RFC 8839, 5.4: 24 and 128 bits at least. */
const newCredentials = (): IceCredentials => ({
  usernameFragment: randomBytes(6).toString('base64').replace(/\+/g, 'a').replace(/\//g, 'b'),
  password: randomBytes(18).toString('base64').replace(/\+/g, 'a').replace(/\//g, 'b'),
});

export class IceLite {
  private own = newCredentials();
  private remote: IceCredentials | undefined;
  private readonly components: Readonly<Record<IceComponent, Pairs>> = {
    1: { proved: new Map(), nominated: undefined },
    2: { proved: new Map(), nominated: undefined },
  };

  /** What our SDP says. */
  get credentials(): IceCredentials {
    return this.own;
  }

  /** Whether the peer has agreed to do the work. */
  get isAgreed(): boolean {
    return this.remote !== undefined;
  }

  /**
   * Credentials in an offer that differ from the last ask for a restart (RFC 8839, 4.4.3), for which we have new ones. In an
   * answer to an offer of ours they are those of whoever stands there now, and goes by the ones that we have offered.
   */
  agree(remote: IceCredentials, by: 'offer' | 'answer'): void {
    const before = this.remote;
    const isRestart =
      by === 'offer' &&
      before !== undefined &&
      (before.usernameFragment !== remote.usernameFragment || before.password !== remote.password);
    this.remote = remote;
    // What was proved holds until the peer nominates anew, so that the sound goes on (RFC 8445, 12.1).
    if (isRestart) this.own = newCredentials();
  }

  /** The response to a check; undefined for what asks for none. */
  receive(component: IceComponent, datagram: Buffer, from: TransportAddress): Buffer | undefined {
    const message = parseStun(datagram);
    if (message?.kind !== 'request') return undefined;
    const { password } = this.own;
    if (message.username === undefined || !message.integrity)
      return writeResponse(message, { kind: 'error', code: 400 });
    if (!this.isAddressed(message) || !isIntact(message, password))
      return writeResponse(message, { kind: 'error', code: 401 });
    if (message.unknown.length > 0)
      return writeResponse(message, { kind: 'error', code: 420, unknown: message.unknown }, password);
    // RFC 8445, 7.3.1.1: who is lite is always the controlled one.
    if (message.iceControlled) return writeResponse(message, { kind: 'error', code: 487 }, password);
    this.prove(component, from, message.useCandidate);
    return writeResponse(message, { kind: 'success', mapped: from }, password);
  }

  isProved(component: IceComponent, from: TransportAddress): boolean {
    return this.components[component].proved.has(keyOf(from));
  }

  /** Where to send: what the peer has nominated, before that what it checked last. */
  destination(component: IceComponent): TransportAddress | undefined {
    const { nominated, proved } = this.components[component];
    return nominated ?? [...proved.values()].at(-1);
  }

  /** RFC 8445, 7.3: our fragment, a colon, and the peer's. */
  private isAddressed({ username }: StunMessage): boolean {
    return username === `${this.own.usernameFragment}:${this.remote?.usernameFragment ?? ''}`;
  }

  private prove(component: IceComponent, from: TransportAddress, nominates: boolean): void {
    const pairs = this.components[component];
    const address = { address: from.address, port: from.port };
    const key = keyOf(address);
    pairs.proved.delete(key);
    pairs.proved.set(key, address);
    const oldest = pairs.proved.keys().next();
    if (pairs.proved.size > MAX_PAIRS && !oldest.done) pairs.proved.delete(oldest.value);
    if (nominates) pairs.nominated = address;
  }
}
