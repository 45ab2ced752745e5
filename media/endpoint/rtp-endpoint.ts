/**
 * A carrier's or a phone's leg: RTP by a {@link PeerPath} of its own, G.711, G.722 or Opus, digits as events or tones,
 * RTCP. The codec of the first agreement stays the endpoint's, so that bridges and recordings go on; when the peer
 * later uses the other G.711 law, samples are translated by table.
 */
import type { Clock, Timer } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { isTranslatable, translate } from '../codec/codecs';
import { comfortNoise } from '../codec/comfort-noise';
import { DigitShield } from '../dtmf/digit-shield';
import { EventClock } from '../dtmf/event-clock';
import { LegDigits } from '../dtmf/leg-digits';
import type { AudioCodec, DigitForm, DtmfMode, EndpointStats, OpenedEndpoint, SrtpKeys, SrtpPolicy } from '../ports';
import type { DtlsCertificate } from '../dtls/certificate';
import { IceLite } from '../ice/ice-lite';
import type { RtpPacket } from '../rtp/packet';
import { LocalOrigin } from '../sdp/local-origin';
import { LocalSecurity } from '../sdp/local-security';
import { MediaLayout } from '../sdp/media-layout';
import { answerRtpOffer, makeRtpOffer, readRtpAnswer } from '../sdp/rtp-negotiation';
import type { AgreedAudio, LocalMedia } from '../sdp/rtp-negotiation';
import type { EndpointNotice, MediaEndpoint, PacketListener, StreamPacket } from './endpoint';
import { AgreedFormats } from './rtp/agreed-formats';
import type { ReceivedFormat } from './rtp/agreed-formats';
import { IncomingStream } from './rtp/incoming-stream';
import { OutgoingStream } from './rtp/outgoing-stream';
import { PeerPath } from './rtp/peer-path';
import { RtcpSession } from './rtp/rtcp-session';
import type { UdpPair } from './rtp/udp-pair';

export interface RtpEndpointOptions {
  readonly id: EndpointId;
  readonly sockets: UdpPair;
  /** The address in our SDP. */
  readonly advertisedAddress: string;
  readonly codecs: readonly AudioCodec[];
  readonly srtp: SrtpPolicy;
  readonly srtpKeys: SrtpKeys;
  readonly certificate: DtlsCertificate;
  /** Where the peer's packets may come from, besides the host of its SDP; anywhere when absent. */
  readonly mayBeIn: ((address: string) => boolean) | undefined;
  readonly dtmf: DtmfMode;
  /** Our last description of the session that this endpoint goes on with. */
  readonly continues?: string | undefined;
  /** A peer in a conversation with us that sends neither RTP nor RTCP for so long is lost; never with 0. */
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
  private readonly path: PeerPath;
  private readonly incoming: IncomingStream;
  private readonly outgoing: OutgoingStream;
  private readonly rtcp: RtcpSession;
  private readonly digits: LegDigits;
  /** Made when it is needed first: few legs have card numbers keyed on them. */
  private shield: DigitShield | undefined;
  private agreed: AgreedAudio | undefined;
  private formats: AgreedFormats | undefined;
  private ownCodec: AudioCodec | undefined;
  private readonly eventClock = new EventClock();
  private connected = false;
  private closed = false;
  private lastHeardMs = 0;
  private silenceTimer: Timer | undefined;

  constructor(private readonly options: RtpEndpointOptions) {
    const { id, sockets, clock, notify, advertisedAddress } = options;
    this.id = id;
    const ice = new IceLite();
    this.digits = new LegDigits({
      mode: options.dtmf,
      clock,
      onDigit: (digit) => notify({ type: 'digit', endpointId: id, ...digit }),
      onDue: (digit, durationMs) => notify({ type: 'digit-due', endpointId: id, digit, durationMs }),
    });
    this.local = {
      rtp: { address: advertisedAddress, port: sockets.rtpPort },
      rtcpPort: sockets.rtcpPort,
      origin: new LocalOrigin(options.continues),
      security: new LocalSecurity(options.srtp, {
        keys: options.srtpKeys,
        fingerprint: options.certificate.fingerprint,
        continues: options.continues,
      }),
      ice,
      layout: new MediaLayout(options.continues),
      telephoneEvents: this.digits.takesEvents,
    };
    this.incoming = new IncomingStream(clock);
    this.outgoing = new OutgoingStream(clock);
    this.rtcp = new RtcpSession({
      clock,
      ssrc: this.outgoing.ssrc,
      cname: `${id}@${advertisedAddress}`,
      outgoing: () => this.outgoing.counters(),
      incoming: () => this.incoming.takeReport(),
      send: (report) => this.path.sendRtcp(report),
    });
    this.path = new PeerPath({
      sockets,
      ice,
      certificate: options.certificate,
      mayBeIn: options.mayBeIn,
      goesOn: options.continues !== undefined,
      clock,
      log: options.log.child({ endpointId: id }),
      wants: ({ payloadType }) => this.formats?.of(payloadType) !== undefined,
      onRtp: (packet) => this.onRtpPacket(packet),
      onRtcp: (report) => this.rtcp.receive(report),
      onSignOfLife: () => (this.lastHeardMs = clock.monotonicMs()),
      onFailed: () => this.lose('dtls-failed'),
    });
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
    const { formats, ownCodec } = this;
    if (this.closed || !formats?.sends || !ownCodec) return;
    const to = this.path.destination;
    if (!to) return;
    const isEvent = packet.content === 'telephone-event';
    const payloadType = isEvent ? formats.event?.payloadType : formats.payloadType;
    if (payloadType === undefined) {
      this.digits.outgoing(packet);
      return this.outgoing.omit(packet);
    }
    const datagram = this.outgoing.next(this.asAgreed(packet, ownCodec, formats), payloadType);
    if (!datagram) return;
    this.path.sendRtp(datagram, to);
    if (this.outgoing.packetsSent === 1) this.options.notify({ type: 'sending', endpointId: this.id });
  }

  hideDigits(hidden: boolean): void {
    if (hidden) (this.shield ??= new DigitShield(this.options.clock)).hide();
    else this.shield?.show();
  }

  private asAgreed(packet: StreamPacket, from: AudioCodec, { codec: to, event }: AgreedFormats): StreamPacket {
    if (packet.content === 'telephone-event') return this.eventClock.outward(packet, event?.clockRateHz ?? 8000);
    return from === to ? packet : { ...packet, payload: translate(from, to, packet.payload) };
  }

  stats(): EndpointStats {
    const { packetsReceived, packetsLost, jitterMs } = this.incoming;
    const { roundTripMs } = this.rtcp;
    const { packetsSent } = this.outgoing;
    const { packetsRefused } = this.path;
    return {
      ...{ packetsReceived, packetsSent, packetsLost, packetsRefused, jitterMs },
      ...(roundTripMs !== undefined && { roundTripMs }),
      ...this.peerCounters(),
    };
  }

  private peerCounters(): Pick<EndpointStats, 'peerLost' | 'peerJitterMs'> {
    const { peerReport } = this.rtcp;
    if (!peerReport || !this.agreed) return {};
    // RFC 3551 section 4.5.2: G.722's RTP clock runs at 8000 Hz, too. RFC 7587 section 4.1: Opus' at 48000.
    const perMs = this.agreed.codec === 'OPUS' ? 48 : 8;
    return { peerLost: Math.max(0, peerReport.cumulativeLost), peerJitterMs: peerReport.jitter / perMs };
  }

  close(): void {
    if (this.closed) return;
    this.rtcp.close();
    this.closed = true;
    this.digits.close();
    this.shield?.close();
    this.silenceTimer?.cancel();
    this.listeners = [];
    this.path.close();
  }

  /** Those of which the endpoint's own codec can be made. */
  private get usableCodecs(): readonly AudioCodec[] {
    const { ownCodec } = this;
    return this.options.codecs.filter((codec) => !ownCodec || isTranslatable(codec, ownCodec));
  }

  private apply(agreed: AgreedAudio, sdp: string): Result<OpenedEndpoint> {
    if (this.closed) return fail('closed', `endpoint ${this.id} is closed`);
    const ownCodec = (this.ownCodec ??= agreed.codec);
    this.incoming.carry(ownCodec);
    this.outgoing.carry(ownCodec);
    this.agreed = agreed;
    this.formats = new AgreedFormats(agreed, ownCodec);
    this.digits.agree(agreed.event !== undefined, ownCodec);
    this.path.agree(agreed);
    this.rtcp.start();
    this.watchSilence();
    return ok({ sdp, codec: this.ownCodec });
  }

  private onRtpPacket(packet: RtpPacket): void {
    this.lastHeardMs = this.options.clock.monotonicMs();
    const format = this.formats?.of(packet.payloadType);
    if (!format || !this.ownCodec) return;
    const isEvent = format.content === 'telephone-event';
    const sourceId = this.incoming.accept(packet, isEvent ? 'telephone-event' : 'audio');
    if (sourceId === undefined) return;
    this.announceConnected();
    const inside = this.digits.incoming(this.asInside(packet, { sourceId, format, ownCodec: this.ownCodec }));
    if (!this.shield || this.shield.isIdle) return this.tell(inside);
    for (const passed of this.shield.accept(inside, this.ownCodec)) this.tell(passed);
  }

  private asInside(
    { sequenceNumber, timestamp, marker, payload }: RtpPacket,
    facts: { readonly sourceId: number; readonly format: ReceivedFormat; readonly ownCodec: AudioCodec },
  ): StreamPacket {
    const { sourceId, format, ownCodec } = facts;
    if (format.content === 'telephone-event') {
      const event = { sourceId, sequenceNumber, timestamp, marker, content: format.content, payload };
      return this.eventClock.inward(event, format.clockRateHz);
    }
    const isNoise = format.content === 'comfort-noise';
    const ownPayload = translate(format.codec, ownCodec, isNoise ? comfortNoise(format.codec, payload) : payload);
    const sound: StreamPacket = { sourceId, sequenceNumber, timestamp, marker, content: 'audio', payload: ownPayload };
    return isNoise ? { ...sound, announcesPause: true } : sound;
  }

  private tell(packet: StreamPacket): void {
    for (const listener of this.listeners) listener(packet);
  }

  private announceConnected(): void {
    if (this.connected) return;
    this.connected = true;
    this.options.notify({ type: 'connected', endpointId: this.id });
  }

  /** One timer that is set anew to where the silence would have lasted long enough. */
  private watchSilence(): void {
    const { clock, mediaTimeoutMs } = this.options;
    this.silenceTimer?.cancel();
    this.lastHeardMs = clock.monotonicMs();
    const check = (): void => {
      const leftMs = this.lastHeardMs + mediaTimeoutMs - clock.monotonicMs();
      if (leftMs > 0) this.silenceTimer = clock.after(leftMs, check);
      else this.lose('media-timeout');
    };
    // Who holds us may play music to us and need not: only in a conversation does silence mean a loss.
    if (this.agreed?.direction === 'sendrecv' && mediaTimeoutMs > 0)
      this.silenceTimer = clock.after(mediaTimeoutMs, check);
  }

  private lose(reason: 'media-timeout' | 'dtls-failed'): void {
    if (this.closed) return;
    const { id, log, mediaTimeoutMs, notify } = this.options;
    log.warn({ endpointId: id, reason, mediaTimeoutMs }, LOST[reason]);
    this.close();
    notify({ type: 'endpoint-lost', endpointId: id, reason });
  }
}

const LOST = {
  'media-timeout': 'nothing heard from the peer for too long; its endpoint is closed',
  'dtls-failed': 'no keys could be agreed on with the peer; its endpoint is closed',
} as const;
