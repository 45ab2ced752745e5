/**
 * Symmetric RTP: send to where the peer's packets come from, since behind a NAT its SDP names an address that cannot be
 * reached. And do not let a stranger take the stream over: once latched, another address is believed only when the SDP
 * names it, when it goes on with the same SSRC (a NAT that changed its mapping), or when the present one has gone silent.
 */
import type { Clock } from '../../../base/clock';
import type { TransportAddress } from '../../sdp/rtp-remote';

/** Longer than any gap of a peer that talks or sends comfort noise now and then. */
const SILENT_AFTER_MS = 1000;

interface Latched extends TransportAddress {
  readonly ssrc: number;
  lastPacketMs: number;
}

const same = (a: TransportAddress | undefined, b: TransportAddress | undefined): boolean =>
  a?.address === b?.address && a?.port === b?.port;

export class RemoteLatch {
  private signalled: TransportAddress | undefined;
  private latched: Latched | undefined;

  constructor(private readonly clock: Clock) {}

  /** The address in the peer's newest SDP; one that differs from the last releases the latch. */
  signal(address: TransportAddress | undefined): void {
    if (!same(this.signalled, address)) this.latched = undefined;
    this.signalled = address;
  }

  /** Whether a packet from there belongs to the peer; from then on it is where we send. */
  accept(from: TransportAddress, ssrc: number): boolean {
    const nowMs = this.clock.monotonicMs();
    if (!this.mayComeFrom(from, ssrc, nowMs)) return false;
    const { latched } = this;
    if (latched?.ssrc === ssrc && same(latched, from)) latched.lastPacketMs = nowMs;
    else this.latched = { address: from.address, port: from.port, ssrc, lastPacketMs: nowMs };
    return true;
  }

  /** Where to send; undefined when the peer has neither sent nor named an address. */
  get destination(): TransportAddress | undefined {
    return this.latched ?? this.signalled;
  }

  private mayComeFrom(from: TransportAddress, ssrc: number, nowMs: number): boolean {
    const { latched } = this;
    if (!latched || same(latched, from) || same(this.signalled, from)) return true;
    return latched.ssrc === ssrc || nowMs - latched.lastPacketMs > SILENT_AFTER_MS;
  }
}
