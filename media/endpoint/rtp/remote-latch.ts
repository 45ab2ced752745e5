/**
 * Symmetric RTP: send to where the peer's packets come from, since behind a NAT its SDP names an address that cannot be
 * reached. And do not let a stranger take the stream over: once latched, another address is believed only when the SDP
 * names it, when it goes on with the same SSRC (a NAT that changed its mapping), or when the present one has gone silent.
 * Where it is known which networks the peer may be in, nobody else is ever believed; that of the SDP's host is one of them,
 * since a carrier's media servers stand beside each other.
 */
import type { Clock } from '../../../base/clock';
import type { TransportAddress } from '../../sdp/rtp-remote';
import { networkAround } from './source-networks';

/** Longer than any gap of a peer that talks or sends comfort noise now and then. */
const SILENT_AFTER_MS = 1000;

/** Packets from where the peer was before its last SDP are on their way for so long. */
const LEFT_BEHIND_MS = 1000;

/** None that a packet could have. */
const NO_SSRC = -1;

interface Latched extends TransportAddress {
  readonly ssrc: number;
  lastPacketMs: number;
}

const same = (a: TransportAddress | undefined, b: TransportAddress | undefined): boolean =>
  a?.address === b?.address && a?.port === b?.port;

export class RemoteLatch {
  /** The address that the peer's SDPs named last, and its neighbourhood. */
  private signalled: TransportAddress | undefined;
  private isNear: ((address: string) => boolean) | undefined;
  /** The newest SDP names none: the peer holds us (RFC 3264, 8.4). */
  private listensNowhere = false;
  private latched: Latched | undefined;
  /** Where its packets came from before it named another address. */
  private left: { readonly source: Latched; readonly untilMs: number } | undefined;

  /** @param mayBeIn whether the peer may be at an address; anybody may when absent. */
  constructor(
    private readonly clock: Clock,
    private readonly mayBeIn?: (address: string) => boolean,
  ) {}

  /** The address in the peer's newest SDP, if it names one; an address that differs from the last releases the latch. */
  signal(address: TransportAddress | undefined): void {
    this.listensNowhere = address === undefined;
    if (address === undefined || same(this.signalled, address)) return;
    const { latched } = this;
    this.left = latched && { source: latched, untilMs: this.clock.monotonicMs() + LEFT_BEHIND_MS };
    this.latched = undefined;
    this.signalled = address;
    this.isNear = this.mayBeIn && networkAround(address.address);
  }

  /**
   * Whether a packet from there belongs to the peer; from then on it is where we send, unless the peer has just left there.
   * @param proved the packet is the peer's, wherever it comes from: it was secured, or ICE has proved the way.
   */
  accept(from: TransportAddress, ssrc: number, proved = false): boolean {
    const nowMs = this.clock.monotonicMs();
    const { latched } = this;
    if (latched?.ssrc === ssrc && same(latched, from)) {
      latched.lastPacketMs = nowMs;
      return true;
    }
    if (!latched && this.hasLeft(from, ssrc, nowMs)) return true;
    const mayBeThere = this.mayBe(from.address) || this.hasMoved(from, ssrc);
    if (!proved && !(mayBeThere && this.mayComeFrom(from, ssrc, nowMs))) return false;
    this.latched = { address: from.address, port: from.port, ssrc, lastPacketMs: nowMs };
    return true;
  }

  /** The peer has shown itself at this address, by a handshake; its packets are still to come. */
  prove(from: TransportAddress): void {
    this.latched = { address: from.address, port: from.port, ssrc: NO_SSRC, lastPacketMs: this.clock.monotonicMs() };
  }

  /** Whether packets of the peer come. */
  get isHeard(): boolean {
    const { latched } = this;
    if (!latched || latched.ssrc === NO_SSRC) return false;
    return this.clock.monotonicMs() - latched.lastPacketMs <= SILENT_AFTER_MS;
  }

  /** Whether the peer may be at this address at all. */
  mayBe(address: string): boolean {
    if (this.mayBeIn === undefined || address === this.signalled?.address) return true;
    return this.mayBeIn(address) || this.isNear?.(address) === true;
  }

  /** Where to send; undefined when the peer has neither sent nor named an address. */
  get destination(): TransportAddress | undefined {
    return this.listensNowhere ? undefined : (this.latched ?? this.signalled);
  }

  /**
   * A telephone that has changed its network says so by an SDP, and goes on with its SSRC, which nobody guesses: behind a NAT
   * its SDP does not name where its packets come from.
   */
  private hasMoved({ address }: TransportAddress, ssrc: number): boolean {
    const { latched, left } = this;
    return latched ? latched.address === address && latched.ssrc === ssrc : left?.source.ssrc === ssrc;
  }

  private hasLeft(from: TransportAddress, ssrc: number, nowMs: number): boolean {
    const { left } = this;
    return left !== undefined && nowMs < left.untilMs && left.source.ssrc === ssrc && same(left.source, from);
  }

  private mayComeFrom(from: TransportAddress, ssrc: number, nowMs: number): boolean {
    const { latched } = this;
    if (!latched || same(latched, from) || same(this.signalled, from)) return true;
    return latched.ssrc === ssrc || nowMs - latched.lastPacketMs > SILENT_AFTER_MS;
  }
}
