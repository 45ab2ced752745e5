/**
 * A carrier's or a phone's leg: RTP on two UDP sockets of our own, plain or as SRTP, G.711 or G.722, symmetric RTP,
 * digits as events or tones, RTCP. The codec of the first agreement stays the endpoint's, so that bridges and recordings
 * go on; when the peer later uses the other G.711 law, samples are translated by table.
 */
import type { RemoteInfo } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock, Timer } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { isTranslatable, translate } from '../codec/codecs';
import { DigitShield } from '../dtmf/digit-shield';
import { EventClock } from '../dtmf/event-clock';
import { LegDigits } from '../dtmf/leg-digits';
import type { AudioCodec, DigitForm, DtmfMode, EndpointStats, OpenedEndpoint, SrtpPolicy } from '../ports';
import { looksLikeRtcp, parseRtp } from '../rtp/packet';
import type { RtpPacket } from '../rtp/packet';
import { LocalOrigin } from '../sdp/local-origin';
import { LocalSecurity } from '../sdp/security-descriptions';
import { answerRtpOffer, makeRtpOffer, readRtpAnswer } from '../sdp/rtp-negotiation';
import type { AgreedAudio, LocalMedia } from '../sdp/rtp-negotiation';
import type { EventFormat } from '../sdp/codec-formats';
import type { TransportAddress } from '../sdp/rtp-remote';
import { PacketSecurity } from '../srtp/packet-security';
import type { EndpointNotice, MediaEndpoint, PacketListener, StreamPacket } from './endpoint';
import { IncomingStream } from './rtp/incoming-stream';
import { OutgoingStream } from './rtp/outgoing-stream';
import { RemoteLatch } from './rtp/remote-latch';
import { RtcpSession } from './rtp/rtcp-session';
import type { UdpPair } from './rtp/udp-pair';

export interface RtpEndpointOptions {
  readonly id: EndpointId;
  readonly sockets: UdpPair;
  /** The address in our SDP. */
  readonly advertisedAddress: string;
  readonly codecs: readonly AudioCodec[];
  readonly srtp: SrtpPolicy;
  readonly dtmf: DtmfMode;
  /** Our last description of the session that this endpoint goes on with. */
  readonly continues?: string | undefined;
  /** A peer in a conversation with us that sends neither RTP nor RTCP for so long is lost. */
  readonly mediaTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly notify: (notice: EndpointNotice) => void;
}

export class RtpEndpoint implements MediaEndpoint {
  readonly id: EndpointId;
  readonly kind = 'rtp';
  private readonly local: LocalMedia;
  /** Never changed, only replaced: whoever is told of a packet may subscribe or unsubscribe meanwhile. */
  private listeners: readonly PacketListener[] = [];
  private readonly latch: RemoteLatch;
  private readonly incoming: IncomingStream;
  private readonly outgoing: OutgoingStream;
  private readonly rtcp: RtcpSession;
  private readonly digits: LegDigits;
  private readonly shield: DigitShield;
  private readonly security = new PacketSecurity();
  private agreed: AgreedAudio | undefined;
  private ownCodec: AudioCodec | undefined;
  /** Where the peer's RTCP comes from, once it does. */
  private rtcpSource: TransportAddress | undefined;
  private readonly eventClock = new EventClock();
  private connected = false;
  private closed = false;
  private lastHeardMs = 0;
  private silenceTimer: Timer | undefined;

  constructor(private readonly options: RtpEndpointOptions) {
    const { id, sockets, clock, notify, advertisedAddress } = options;
    this.id = id;
    this.digits = new LegDigits({
      mode: options.dtmf,
      clock,
      onDigit: (digit) => notify({ type: 'digit', endpointId: id, ...digit }),
      onDue: (digit, durationMs) => notify({ type: 'digit-due', endpointId: id, digit, durationMs }),
    });
    this.shield = new DigitShield(clock);
    this.local = {
      rtp: { address: advertisedAddress, port: sockets.rtpPort },
      rtcpPort: sockets.rtcpPort,
      origin: new LocalOrigin(options.continues),
      security: new LocalSecurity(options.srtp),
      telephoneEvents: this.digits.takesEvents,
    };
    this.latch = new RemoteLatch(clock);
    this.incoming = new IncomingStream(clock);
    this.outgoing = new OutgoingStream(clock);
    this.rtcp = new RtcpSession({
      clock,
      ssrc: this.outgoing.ssrc,
      cname: `${id}@${advertisedAddress}`,
      outgoing: () => this.outgoing.counters(),
      incoming: () => this.incoming.takeReport(),
      send: (datagram) => this.sendRtcp(datagram),
    });
    sockets.onRtp((datagram, from) => this.onRtpDatagram(datagram, from));
    sockets.onRtcp((datagram, from) => this.onRtcpDatagram(datagram, from));
  }

  get codec(): AudioCodec | undefined {
    return this.ownCodec;
  }

  get digitForm(): DigitForm {
    return this.digits.form;
  }

  /** Our offer, to be completed by {@link acceptAnswer}. */
  offer(): OpenedEndpoint {
    return { sdp: makeRtpOffer(this.usableCodecs, this.local) };
  }

  /** Answers the first offer or a later one; prefers to keep the codec. */
  answer(offer: string): Result<OpenedEndpoint> {
    const usable = this.usableCodecs;
    const codecs = this.agreed ? [this.agreed.codec, ...usable] : usable;
    const answered = answerRtpOffer(offer, [...new Set(codecs)], this.local);
    if (!answered.ok) return answered;
    return this.apply(answered.value.agreed, answered.value.sdp);
  }

  async acceptAnswer(sdp: string): Promise<Result<OpenedEndpoint>> {
    const agreed = readRtpAnswer(sdp, this.usableCodecs, this.local);
    return agreed.ok ? this.apply(agreed.value, this.offer().sdp) : agreed;
  }

  async answerReoffer(offer: string): Promise<Result<OpenedEndpoint>> {
    return this.answer(offer);
  }

  reoffer(): Result<OpenedEndpoint> {
    return this.closed ? fail('closed', `endpoint ${this.id} is closed`) : ok(this.offer());
  }

  onPacket(listener: PacketListener): () => void {
    this.listeners = [...this.listeners, listener];
    return () => void (this.listeners = this.listeners.filter((other) => other !== listener));
  }

  send(packet: StreamPacket): void {
    const { agreed, ownCodec } = this;
    const destination = this.latch.destination;
    if (this.closed || !agreed || !ownCodec || !destination || !maySend(agreed)) return;
    const isEvent = packet.content === 'telephone-event';
    const payloadType = isEvent ? agreed.event?.payloadType : agreed.payloadType;
    if (payloadType === undefined) {
      this.digits.outgoing(packet);
      return this.outgoing.omit(packet);
    }
    const datagram = this.outgoing.next(this.asAgreed(packet, ownCodec, agreed), payloadType);
    if (datagram) this.options.sockets.sendRtp(this.security.protectRtp(datagram), destination);
  }

  hideDigits(hidden: boolean): void {
    if (hidden) this.shield.hide();
    else this.shield.show();
  }

  private asAgreed(packet: StreamPacket, from: AudioCodec, { codec: to, event }: AgreedAudio): StreamPacket {
    if (packet.content === 'telephone-event') return this.eventClock.outward(packet, event?.clockRateHz ?? 8000);
    return from === to ? packet : { ...packet, payload: translate(from, to, packet.payload) };
  }

  stats(): EndpointStats {
    const { packetsReceived, packetsLost, jitterMs } = this.incoming;
    const { roundTripMs } = this.rtcp;
    const counters = { packetsReceived, packetsSent: this.outgoing.packetsSent, packetsLost, jitterMs };
    return roundTripMs === undefined ? counters : { ...counters, roundTripMs };
  }

  close(): void {
    if (this.closed) return;
    this.rtcp.close();
    this.closed = true;
    this.digits.close();
    this.shield.close();
    this.silenceTimer?.cancel();
    this.listeners = [];
    this.options.sockets.close();
  }

  /** Those of which the endpoint's own codec can be made. */
  private get usableCodecs(): readonly AudioCodec[] {
    const { ownCodec } = this;
    return this.options.codecs.filter((codec) => !ownCodec || isTranslatable(codec, ownCodec));
  }

  private apply(agreed: AgreedAudio, sdp: string): Result<OpenedEndpoint> {
    if (this.closed) return fail('closed', `endpoint ${this.id} is closed`);
    if (agreed.rtp && isIPv6(agreed.rtp.address) !== this.options.sockets.isIPv6)
      return fail('not_acceptable_media', `${agreed.rtp.address} is not of the address family that media uses here`);
    const ownCodec = (this.ownCodec ??= agreed.codec);
    this.incoming.carry(ownCodec);
    this.outgoing.carry(ownCodec);
    const receivable = agreed.receivable.filter(({ codec }) => isTranslatable(codec, ownCodec));
    this.agreed = { ...agreed, receivable };
    this.digits.agree(agreed.event !== undefined, ownCodec);
    this.security.agree(agreed.security);
    this.latch.signal(agreed.rtp);
    this.rtcpSource = undefined;
    this.rtcp.start();
    this.watchSilence();
    return ok({ sdp, codec: this.ownCodec });
  }

  private onRtpDatagram(datagram: Buffer, from: RemoteInfo): void {
    if (looksLikeRtcp(datagram)) return this.onRtcpDatagram(datagram, from);
    const { agreed } = this;
    if (!agreed || !mayReceive(agreed)) return;
    const plain = this.security.openRtp(datagram);
    const parsed = plain && parseRtp(plain);
    if (!parsed?.ok) return;
    const packet = parsed.value;
    const wireCodec = agreed.receivable.find(({ payloadType }) => payloadType === packet.payloadType)?.codec;
    const event = wireCodec
      ? undefined
      : agreed.receivableEvents.find(({ payloadType }) => payloadType === packet.payloadType);
    if ((!wireCodec && !event) || !this.latch.accept(from, packet.ssrc)) return;
    this.lastHeardMs = this.options.clock.monotonicMs();
    const content = event ? 'telephone-event' : 'audio';
    const sourceId = this.incoming.accept(packet, content);
    if (sourceId === undefined) return;
    this.announceConnected();
    this.deliver(packet, { sourceId, content, wireCodec, event });
  }

  private deliver(
    { sequenceNumber, timestamp, marker, payload }: RtpPacket,
    facts: Pick<StreamPacket, 'sourceId' | 'content'> & {
      readonly wireCodec: AudioCodec | undefined;
      readonly event: EventFormat | undefined;
    },
  ): void {
    const { sourceId, content, wireCodec, event } = facts;
    const ownPayload = wireCodec && this.ownCodec ? translate(wireCodec, this.ownCodec, payload) : payload;
    const received = { sourceId, sequenceNumber, timestamp, marker, content, payload: ownPayload };
    const packet = this.digits.incoming(event ? this.eventClock.inward(received, event.clockRateHz) : received);
    if (this.shield.isIdle || !this.ownCodec) return this.tell(packet);
    for (const passed of this.shield.accept(packet, this.ownCodec)) this.tell(passed);
  }

  private tell(packet: StreamPacket): void {
    for (const listener of this.listeners) listener(packet);
  }

  private announceConnected(): void {
    if (this.connected) return;
    this.connected = true;
    this.options.notify({ type: 'connected', endpointId: this.id });
  }

  private onRtcpDatagram(datagram: Buffer, from: RemoteInfo): void {
    if (!this.agreed || !this.isPeer(from)) return;
    const plain = this.security.openRtcp(datagram);
    if (!plain || !this.rtcp.receive(plain)) return;
    this.lastHeardMs = this.options.clock.monotonicMs();
    this.rtcpSource = { address: from.address, port: from.port };
  }

  /** Reports are believed from the host that sends the sound, or that the SDP names. */
  private isPeer(from: RemoteInfo): boolean {
    return [this.latch.destination?.address, this.agreed?.rtcp?.address].includes(from.address);
  }

  private sendRtcp(report: Buffer): void {
    const { agreed, options } = this;
    if (!agreed) return;
    const datagram = this.security.protectRtcp(report);
    const destination = this.latch.destination;
    if (agreed.rtcpMux) {
      if (destination) options.sockets.sendRtp(datagram, destination);
      return;
    }
    const to = this.rtcpSource ?? agreed.rtcp;
    if (to && isIPv6(to.address) === options.sockets.isIPv6) options.sockets.sendRtcp(datagram, to);
  }

  /** One timer that is set anew to where the silence would have lasted long enough. */
  private watchSilence(): void {
    const { clock, mediaTimeoutMs } = this.options;
    this.silenceTimer?.cancel();
    this.lastHeardMs = clock.monotonicMs();
    const check = (): void => {
      const leftMs = this.lastHeardMs + mediaTimeoutMs - clock.monotonicMs();
      if (leftMs > 0) this.silenceTimer = clock.after(leftMs, check);
      else this.lose();
    };
    // Who holds us may play music to us and need not: only in a conversation does silence mean a loss.
    if (this.agreed?.direction === 'sendrecv') this.silenceTimer = clock.after(mediaTimeoutMs, check);
  }

  private lose(): void {
    const { id, log, mediaTimeoutMs, notify } = this.options;
    log.warn({ endpointId: id, mediaTimeoutMs }, 'nothing heard from the peer for too long; its endpoint is closed');
    this.close();
    notify({ type: 'endpoint-lost', endpointId: id, reason: 'media-timeout' });
  }
}

const maySend = ({ direction }: AgreedAudio): boolean => direction === 'sendrecv' || direction === 'sendonly';

const mayReceive = ({ direction }: AgreedAudio): boolean => direction === 'sendrecv' || direction === 'recvonly';
