/**
 * The way between an RTP endpoint and its peer: two sockets, what comes on them told apart (RFC 7983), whom to believe,
 * ICE, DTLS and SRTP. The endpoint sees plain packets of its peer alone.
 *
 *   first byte   0–3: STUN, to ICE   20–63: DTLS   128–191: RTP, or RTCP by its packet type (RFC 5761, 4)
 */
import { isIPv6 } from 'node:net';
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/log';
import type { DtlsCertificate } from '../../dtls/certificate';
import { DtlsDoor } from '../../dtls/dtls-door';
import type { IceComponent, IceLite } from '../../ice/ice-lite';
import { looksLikeStun } from '../../ice/stun-message';
import { looksLikeRtcp, parseRtp } from '../../rtp/packet';
import type { RtpPacket } from '../../rtp/packet';
import type { AgreedAudio } from '../../sdp/rtp-negotiation';
import type { TransportAddress } from '../../sdp/rtp-remote';
import { PacketSecurity } from '../../srtp/packet-security';
import { RefusedSource } from './refused-source';
import { RemoteLatch } from './remote-latch';
import type { UdpPair } from './udp-pair';

export interface PeerPathOptions {
  readonly sockets: UdpPair;
  readonly ice: IceLite;
  readonly certificate: DtlsCertificate;
  /** Where the peer may be; anywhere when absent. */
  readonly mayBeIn: ((address: string) => boolean) | undefined;
  /** In the place of an endpoint that is lost: the peer's stream has been running. Default false. */
  readonly goesOn?: boolean | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether the endpoint understands the packet; only such may settle where the peer is. */
  readonly wants: (packet: RtpPacket) => boolean;
  readonly onRtp: (packet: RtpPacket) => void;
  /** Returns false for what is no RTCP. */
  readonly onRtcp: (report: Buffer) => boolean;
  /** The peer is there, though it may say nothing. */
  readonly onSignOfLife: () => void;
  /** No keys can be agreed on. */
  readonly onFailed: () => void;
}

export type AgreedPath = Pick<AgreedAudio, 'rtp' | 'rtcp' | 'rtcpMux' | 'security' | 'dtls' | 'ice'>;

/** RFC 7983, 7. */
const DTLS_FIRST = 20;
const DTLS_LAST = 63;
/** Eight hours of 50 packets a second. */
const MAX_MISSED_ROLLOVERS = 22;
/** A first flight has less. */
const MAX_EARLY_BYTES = 2_048;

/** V8 finds the fields of objects that are all made in one place many times faster, and these are read for each packet. */
const ofOneShape = ({ rtp, rtcp, rtcpMux, security, dtls, ice }: AgreedPath): AgreedPath =>
  ({ rtp, rtcp, rtcpMux, security, dtls, ice }) satisfies Record<keyof AgreedPath, unknown>;

interface Door {
  readonly dtls: AgreedAudio['dtls'];
  readonly door: DtlsDoor;
}

export class PeerPath {
  private readonly latch: RemoteLatch;
  /** Of RTP, and of RTCP as far as it has no handshake of its own. */
  private readonly security: PacketSecurity;
  private readonly rtcpSecurity = new PacketSecurity();
  private readonly doors = new Map<IceComponent, Door>();
  private readonly keyed = new Set<IceComponent>();
  private agreed: AgreedPath | undefined;
  /** Where the peer's RTCP comes from, once it does. */
  private rtcpSource: TransportAddress | undefined;
  /** The first flight of a peer that is faster than its SDP. */
  private early: { readonly datagram: Buffer; readonly from: TransportAddress } | undefined;
  private refused = 0;
  private readonly refusedSource = new RefusedSource();

  constructor(private readonly options: PeerPathOptions) {
    this.security = new PacketSecurity(options.goesOn ? MAX_MISSED_ROLLOVERS : 0);
    this.latch = new RemoteLatch(options.clock, options.mayBeIn);
    options.sockets.onRtp((datagram, from) => this.receive(1, datagram, from));
    options.sockets.onRtcp((datagram, from) => this.receive(2, datagram, from));
  }

  /** Datagrams that were not the peer's. */
  get packetsRefused(): number {
    return this.refused;
  }

  /** Where RTP can be sent to now; undefined as long as it cannot. */
  get destination(): TransportAddress | undefined {
    return this.mayPass(1) ? this.whereabouts : undefined;
  }

  agree(agreed: AgreedPath): void {
    this.agreed = ofOneShape(agreed);
    this.latch.signal(agreed.rtp);
    this.rtcpSource = undefined;
    if (!agreed.dtls) this.security.agree(agreed.security);
    for (const component of [1, 2] as const) this.renewDoor(component, agreed);
    const { early } = this;
    this.early = undefined;
    if (early && agreed.dtls) this.receive(1, early.datagram, early.from);
  }

  /** @param to the {@link destination} of this moment. */
  sendRtp(packet: Buffer, to: TransportAddress): void {
    this.options.sockets.sendRtp(this.security.protectRtp(packet), to);
  }

  sendRtcp(report: Buffer): void {
    const { agreed, options } = this;
    if (!agreed) return;
    if (agreed.rtcpMux) {
      const to = this.destination;
      if (to) options.sockets.sendRtp(this.security.protectRtcp(report), to);
      return;
    }
    const to = (agreed.ice ? options.ice.destination(2) : undefined) ?? this.rtcpSource ?? agreed.rtcp;
    if (!to || !this.mayPass(2) || isIPv6(to.address) !== options.sockets.isIPv6) return;
    options.sockets.sendRtcp(this.securityOf(2).protectRtcp(report), to);
  }

  /** Tells the peer that DTLS is over, and gives the sockets back. Idempotent. */
  close(): void {
    for (const { door } of this.doors.values()) door.close();
    this.doors.clear();
    this.options.sockets.close();
  }

  private get whereabouts(): TransportAddress | undefined {
    const proved = this.agreed?.ice ? this.options.ice.destination(1) : undefined;
    return proved ?? this.latch.destination;
  }

  /** Before there are keys nothing passes that was to be secured. */
  private mayPass(component: IceComponent): boolean {
    return this.agreed !== undefined && (!this.agreed.dtls || this.keyed.has(component));
  }

  private securityOf(component: IceComponent): PacketSecurity {
    return component === 2 && this.agreed?.dtls && !this.agreed.rtcpMux ? this.rtcpSecurity : this.security;
  }

  private receive(component: IceComponent, datagram: Buffer, from: TransportAddress): void {
    // RFC 768: a source port of 0 means that no answer is wanted, and to none can be sent.
    if (from.port === 0) return this.refuse();
    if (looksLikeStun(datagram)) return this.takeCheck(component, datagram, from);
    const first = datagram[0] ?? 0;
    if (first >= DTLS_FIRST && first <= DTLS_LAST) return this.takeDtls(component, datagram, from);
    if (!this.mayPass(component)) return;
    if (component === 2 || looksLikeRtcp(datagram)) this.takeRtcp(component, datagram, from);
    else this.takeRtp(datagram, from);
  }

  private takeRtp(datagram: Buffer, from: TransportAddress): void {
    if (this.agreed?.ice && !this.options.ice.isProved(1, from)) return this.refuse();
    const plain = this.security.openRtp(datagram);
    const parsed = plain && parseRtp(plain);
    if (!parsed?.ok) return this.refuse();
    const packet = parsed.value;
    if (!this.options.wants(packet)) return;
    const proved = this.security.proves || this.agreed?.ice === true;
    if (!this.latch.accept(from, packet.ssrc, proved)) return this.refuseStranger(from, packet);
    this.options.onRtp(packet);
  }

  private refuseStranger(from: TransportAddress, { ssrc }: RtpPacket): void {
    this.refuse();
    const { latch, refusedSource, options } = this;
    if (latch.isHeard || latch.mayBe(from.address) || !refusedSource.isWorthAWord(from, ssrc)) return;
    options.log.warn(
      { from: from.address, named: this.agreed?.rtp?.address },
      'RTP from a host that its peer is not known to send from is refused, and nothing else is heard; if it is the ' +
        "carrier's, name it in rtpNetworks of the trunk, else let the trunk or phone have rtpFrom: anywhere",
    );
  }

  private takeRtcp(component: IceComponent, datagram: Buffer, from: TransportAddress): void {
    if (!this.isPeer(component, from)) return this.refuse();
    const plain = this.securityOf(component).openRtcp(datagram);
    if (!plain || !this.options.onRtcp(plain)) return;
    this.options.onSignOfLife();
    this.rtcpSource = { address: from.address, port: from.port };
  }

  private takeCheck(component: IceComponent, datagram: Buffer, from: TransportAddress): void {
    const { ice, sockets } = this.options;
    const response = this.agreed?.ice ? ice.receive(component, datagram, from) : undefined;
    if (!response) return;
    if (component === 1) sockets.sendRtp(response, from);
    else sockets.sendRtcp(response, from);
    if (ice.isProved(component, from)) this.options.onSignOfLife();
  }

  private takeDtls(component: IceComponent, datagram: Buffer, from: TransportAddress): void {
    const held = this.doors.get(component);
    if (!held) {
      const isEarly = component === 1 && !this.agreed && datagram.length <= MAX_EARLY_BYTES;
      if (isEarly) this.early = { datagram, from: { address: from.address, port: from.port } };
      return;
    }
    const isEligible = this.agreed?.ice ? this.options.ice.isProved(component, from) : this.latch.mayBe(from.address);
    if (isEligible) held.door.receive(datagram, from);
    else this.refuse();
  }

  /** Reports are believed from the host that sends the sound, or that the SDP names. */
  private isPeer(component: IceComponent, from: TransportAddress): boolean {
    if (this.agreed?.ice) return this.options.ice.isProved(component, from);
    return [this.latch.destination?.address, this.agreed?.rtcp?.address].includes(from.address);
  }

  /** A handshake stays for as long as certificate and roles do, whatever else is agreed on (RFC 8842, 5). */
  private renewDoor(component: IceComponent, { dtls, rtcpMux }: AgreedPath): void {
    const held = this.doors.get(component);
    const isNeeded = dtls !== undefined && (component === 1 || !rtcpMux);
    const stays = isNeeded && held?.dtls?.fingerprint.value === dtls.fingerprint.value && held.dtls.role === dtls.role;
    if (stays) return;
    held?.door.close();
    this.doors.delete(component);
    this.keyed.delete(component);
    if (!isNeeded) return;
    const door = this.newDoor(component, dtls);
    this.doors.set(component, { dtls, door });
    door.start();
  }

  private newDoor(component: IceComponent, dtls: NonNullable<AgreedAudio['dtls']>): DtlsDoor {
    const { sockets, certificate, clock, log, ice } = this.options;
    const door = new DtlsDoor({
      role: dtls.role,
      certificate,
      remoteFingerprints: [dtls.fingerprint],
      clock,
      send: (datagram, to) => (component === 1 ? sockets.sendRtp(datagram, to) : sockets.sendRtcp(datagram, to)),
      destination: () => {
        if (this.agreed?.ice) return ice.destination(component);
        return component === 1 ? this.whereabouts : this.agreed?.rtcp;
      },
      isProved: (from) => this.agreed?.ice === true && ice.isProved(component, from),
      onConnected: (security, from) => {
        if (component === 1) this.latch.prove(from);
        else this.rtcpSource = from;
        (component === 1 ? this.security : this.rtcpSecurity).agree(security);
        this.keyed.add(component);
        log.debug({ suite: security.suite.name, component }, 'DTLS has given the keys of a leg');
        this.options.onSignOfLife();
      },
      onFailed: (reason, from) => this.doorFailed(reason, from),
    });
    return door;
  }

  /** A stranger's failure is no news. */
  private doorFailed(reason: string, from: TransportAddress | undefined): void {
    const isPeers = from === undefined || from.address === this.agreed?.rtp?.address || this.agreed?.ice === true;
    this.options.log[isPeers ? 'warn' : 'debug']({ reason, from: from?.address }, 'a DTLS handshake has failed');
    if (isPeers) this.options.onFailed();
    else this.refuse();
  }

  private refuse(): void {
    this.refused += 1;
  }
}
