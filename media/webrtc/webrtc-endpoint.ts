/**
 * A browser's media. mediasoup does ICE (lite), DTLS, SRTP and RTCP; every packet passes through Node, where bridges,
 * players and recorders are, so that a change of what the browser hears needs neither SDP nor a new stream.
 */
import type { types } from 'mediasoup';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import { KeyedSerialQueue } from '../../base/serial-queue';
import { DigitDetector } from '../dtmf/digit-detector';
import { DigitShield } from '../dtmf/digit-shield';
import { EventClock } from '../dtmf/event-clock';
import type { EndpointNotice, MediaEndpoint, PacketListener, StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec, EndpointStats, OpenEndpoint, OpenedEndpoint } from '../ports';
import { readBrowserDescription } from '../sdp/read-webrtc';
import { eventClocksFor, eventFor } from '../sdp/codec-formats';
import type { EventFormat } from '../sdp/codec-formats';
import type { RemoteCodec } from '../sdp/rtp-remote';
import { receives, sends } from '../sdp/webrtc-description';
import type { BrowserAudio, BrowserDescription } from '../sdp/webrtc-description';
import { writeWebrtcAnswer, writeWebrtcOffer } from '../sdp/write-webrtc';
import type { LocalSession } from '../sdp/write-webrtc';
import { ConnectionWatch } from './connection-watch';
import { FromBrowser } from './from-browser';
import { ROUTER_MID_EXTENSION_ID, payloadTypeOf } from './router-codecs';
import type { RouterNumbers } from './router-codecs';
import { StatsCache } from './stats-cache';
import type { ToBrowser } from './to-browser';
import type { RouterHome, WorkerHost } from './worker-host';

export interface WebRtcEndpointParts {
  readonly request: OpenEndpoint;
  readonly notify: (notice: EndpointNotice) => void;
  readonly host: WorkerHost;
  readonly home: RouterHome;
  readonly transport: types.WebRtcTransport;
  readonly toBrowser: ToBrowser;
  readonly local: LocalSession;
  /** Those of this home's router. */
  readonly numbers: RouterNumbers;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The mid of our own offers. */
export const OFFERED_MID = '0';

interface Agreement {
  readonly codec: RemoteCodec;
  readonly browser: BrowserDescription;
  /** Each telephone-event of the browser's that this leg can carry. */
  readonly events: readonly EventFormat[];
}

type Negotiation =
  { readonly kind: 'offered' } | ({ readonly kind: 'agreed' } & Agreement) | { readonly kind: 'closed' };

export class WebRtcEndpoint implements MediaEndpoint {
  readonly kind = 'webrtc';
  /** Every browser knows telephone-event. */
  readonly digitForm = 'rfc4733';
  private negotiation: Negotiation = { kind: 'offered' };
  private readonly eventClock = new EventClock();
  private local: LocalSession;
  private sdp = '';
  private fromBrowser: FromBrowser | undefined;
  /** Never changed, only replaced: whoever is told of a packet may subscribe or unsubscribe meanwhile. */
  private listeners: readonly PacketListener[] = [];
  private readonly digits: DigitDetector;
  /** Made when it is needed first: few legs have card numbers keyed on them. */
  private shield: DigitShield | undefined;
  private readonly watch: ConnectionWatch;
  private readonly counters: StatsCache;
  private readonly work = new KeyedSerialQueue<'negotiation'>();
  private offDeath: () => void = () => undefined;

  constructor(private readonly parts: WebRtcEndpointParts) {
    const { clock, notify, transport } = parts;
    this.local = parts.local;
    this.digits = new DigitDetector({
      clock,
      onDigit: (digit, durationMs) =>
        notify({ type: 'digit', endpointId: this.id, digit, durationMs, form: 'rfc4733' }),
    });
    this.watch = new ConnectionWatch({
      clock,
      onConnected: () => notify({ type: 'connected', endpointId: this.id }),
      onLost: (reason) => this.lose(reason),
    });
    this.counters = new StatsCache({ clock, fetch: () => this.fetchStats() });
    transport.on('icestatechange', (state) => this.watch.iceChanged(state));
    transport.on('dtlsstatechange', (state) => this.watch.dtlsChanged(state));
    // A worker that is dead already says so at once.
    this.offDeath = parts.host.onDeath(() => this.lose('worker-died'));
  }

  get id(): OpenEndpoint['endpointId'] {
    return this.parts.request.endpointId;
  }

  get codec(): AudioCodec | undefined {
    return this.negotiation.kind === 'agreed' ? this.negotiation.codec.codec : undefined;
  }

  /** Our offer, for a call to the browser. */
  makeOffer(): OpenedEndpoint {
    const { codecs } = this.parts.request;
    const { numbers } = this.parts;
    this.sdp = writeWebrtcOffer(this.local, {
      mid: OFFERED_MID,
      codecs: codecs.map((codec) => ({ codec, payloadType: payloadTypeOf(codec, numbers) })),
      events: eventClocksFor(codecs).map((clockRateHz) => ({ payloadType: numbers.events[clockRateHz], clockRateHz })),
      midExtensionId: ROUTER_MID_EXTENSION_ID,
    });
    return { sdp: this.sdp };
  }

  /** The answer to the browser's first offer, for a call from the browser. */
  answerOffer(browser: BrowserDescription): Promise<Result<OpenedEndpoint>> {
    return this.serially(async () => {
      const codec = this.firstOf(this.parts.request.codecs, browser.audio);
      if (!codec) return this.noCommonCodec(browser.audio);
      return this.agree({ codec, browser, events: this.carried(browser.audio) }, () => this.writeAnswer());
    });
  }

  acceptAnswer(sdp: string): Promise<Result<OpenedEndpoint>> {
    return this.serially(async () => {
      // RFC 3261 section 13.2.1: once the answer is there, descriptions in later responses to the INVITE are ignored.
      if (this.negotiation.kind === 'agreed') return ok({ sdp: this.sdp, codec: this.negotiation.codec.codec });
      const read = readBrowserDescription(sdp);
      if (!read.ok) return read;
      const browser = read.value;
      const codec = browser.audio.codecs.find((answered) => this.isUsable(answered));
      if (!codec) return this.noCommonCodec(browser.audio);
      // RFC 5763 section 5: the answer settles who begins the handshake.
      if (browser.audio.dtls.role === 'auto') return fail('bad_input', 'an SDP answer must not say a=setup:actpass');
      return this.agree({ codec, browser, events: this.carried(browser.audio) }, () => this.sdp);
    });
  }

  answerReoffer(offer: string): Promise<Result<OpenedEndpoint>> {
    return this.serially(async () => {
      const { negotiation } = this;
      if (negotiation.kind !== 'agreed')
        return fail('conflict', 'the browser cannot offer anew before our own offer is answered');
      const read = readBrowserDescription(offer, negotiation.browser.audio.mid);
      if (!read.ok) return read;
      const browser = read.value;
      const before = negotiation.browser.audio;
      if (fingerprintOf(browser.audio) !== fingerprintOf(before))
        return fail('not_acceptable_media', "the browser's certificate changed within the call; call anew");
      const codec = this.firstOf([negotiation.codec.codec, ...this.parts.request.codecs], browser.audio);
      if (!codec) return this.noCommonCodec(browser.audio);
      return this.renew({ codec, browser, events: this.carried(browser.audio) }, negotiation);
    });
  }

  reoffer(): Result<OpenedEndpoint> {
    return fail('unsupported', 'browsers make their own offers');
  }

  onPacket(listener: PacketListener): () => void {
    this.listeners = [...this.listeners, listener];
    return () => void (this.listeners = this.listeners.filter((other) => other !== listener));
  }

  send(packet: StreamPacket): void {
    const payloadType = this.payloadTypeFor(packet);
    if (payloadType === undefined) this.parts.toBrowser.omit(packet);
    else this.parts.toBrowser.send(this.asAgreed(packet), payloadType);
  }

  hideDigits(hidden: boolean): void {
    if (hidden) (this.shield ??= new DigitShield(this.parts.clock)).hide();
    else this.shield?.show();
  }

  stats(): EndpointStats {
    return {
      packetsReceived: this.fromBrowser?.packetsReceived ?? 0,
      packetsSent: this.parts.toBrowser.packetsSent,
      ...this.counters.current(),
    };
  }

  close(): void {
    if (this.negotiation.kind === 'closed') return;
    this.negotiation = { kind: 'closed' };
    this.offDeath();
    this.watch.close();
    this.counters.close();
    this.digits.close();
    this.shield?.close();
    this.listeners = [];
    this.fromBrowser?.close();
    this.parts.toBrowser.close();
    this.parts.transport.close();
  }

  /** First agreement: connects DTLS and opens the stream from the browser. */
  private async agree(agreement: Agreement, describe: () => string): Promise<Result<OpenedEndpoint>> {
    const { dtls } = agreement.browser.audio;
    const refusal = unroutable(agreement.browser.audio);
    if (refusal) return fail('not_acceptable_media', refusal);
    const [fromBrowser] = await Promise.all([
      this.openFromBrowser(agreement),
      // An open role is ours to choose: the browser begins, since it knows first when packets can pass.
      this.parts.transport.connect({ dtlsParameters: { ...dtls, role: dtls.role === 'server' ? 'server' : 'client' } }),
    ]);
    if (this.isClosed) return this.closedMeanwhile(fromBrowser);
    this.fromBrowser = fromBrowser;
    this.parts.toBrowser.carry(agreement.codec.codec);
    this.negotiation = { kind: 'agreed', ...agreement };
    this.watch.browserKnown();
    this.sdp = describe();
    return ok({ sdp: this.sdp, codec: agreement.codec.codec });
  }

  /** A later agreement: only what differs is made anew. */
  private async renew(agreement: Agreement, before: Agreement): Promise<Result<OpenedEndpoint>> {
    const { audio } = agreement.browser;
    const refusal = unroutable(audio);
    if (refusal) return fail('not_acceptable_media', refusal);
    if (isIceRestart(audio, before.browser.audio)) {
      const ice = await this.parts.transport.restartIce();
      this.local = { ...this.local, ice };
    }
    const sameStream =
      audio.ssrc === before.browser.audio.ssrc &&
      agreement.codec.payloadType === before.codec.payloadType &&
      numbersOf(agreement.events) === numbersOf(before.events);
    if (!sameStream && !this.isClosed) {
      this.fromBrowser?.close();
      this.fromBrowser = await this.openFromBrowser(agreement);
    }
    if (this.isClosed) return this.closedMeanwhile(this.fromBrowser);
    // The roles of the handshake stay; a re-offer that says actpass leaves them as they are (RFC 8842 section 5.3).
    const { role } = before.browser.audio.dtls;
    const browser = { ...agreement.browser, audio: { ...audio, dtls: { ...audio.dtls, role: role ?? 'auto' } } };
    this.negotiation = { kind: 'agreed', ...agreement, browser };
    this.local = { ...this.local, version: this.local.version + 1 };
    this.sdp = this.writeAnswer();
    return ok({ sdp: this.sdp, codec: agreement.codec.codec });
  }

  private writeAnswer(): string {
    if (this.negotiation.kind !== 'agreed') return this.sdp;
    const { browser, codec } = this.negotiation;
    const setup = browser.audio.dtls.role === 'server' ? 'active' : 'passive';
    return writeWebrtcAnswer(this.local, browser, { codec, event: sentEvent(this.negotiation), setup });
  }

  private openFromBrowser({ browser, codec, events }: Agreement): Promise<FromBrowser> {
    const { home, transport } = this.parts;
    const onPacket = (packet: StreamPacket): void => this.deliver(packet);
    return FromBrowser.open({ home, transport, audio: browser.audio, codec, events, onPacket });
  }

  private deliver(packet: StreamPacket): void {
    if (packet.content === 'telephone-event') this.digits.accept(packet);
    const { codec } = this;
    if (!this.shield || this.shield.isIdle || !codec) return this.tell(packet);
    for (const passed of this.shield.accept(packet, codec)) this.tell(passed);
  }

  private tell(packet: StreamPacket): void {
    for (const listener of this.listeners) {
      try {
        listener(packet);
      } catch (error) {
        this.parts.log.error({ err: error, endpointId: this.id }, 'a packet listener threw');
      }
    }
  }

  /** Undefined when the packet must not be sent: nobody is there, the browser is on hold or knows no events. */
  private payloadTypeFor(packet: StreamPacket): number | undefined {
    const { negotiation } = this;
    if (negotiation.kind !== 'agreed' || !this.watch.connected) return undefined;
    if (!receives(negotiation.browser.audio.direction)) return undefined;
    return packet.content === 'telephone-event' ? sentEvent(negotiation)?.payloadType : negotiation.codec.payloadType;
  }

  private asAgreed(packet: StreamPacket): StreamPacket {
    if (packet.content !== 'telephone-event' || this.negotiation.kind !== 'agreed') return packet;
    return this.eventClock.outward(packet, sentEvent(this.negotiation)?.clockRateHz ?? 8000);
  }

  /** Whether this leg may have the codec, and the router has it under this number. */
  private isUsable({ codec, payloadType }: RemoteCodec): boolean {
    const { numbers, request } = this.parts;
    return request.codecs.includes(codec) && payloadTypeOf(codec, numbers) === payloadType;
  }

  private firstOf(wanted: readonly AudioCodec[], audio: BrowserAudio): RemoteCodec | undefined {
    const usable = audio.codecs.filter((format) => this.isUsable(format));
    return wanted.flatMap((codec) => usable.find((format) => format.codec === codec) ?? [])[0];
  }

  /** The router numbers telephone-event once; a browser that numbers it otherwise gets none. */
  private carried(audio: BrowserAudio): readonly EventFormat[] {
    const { events } = this.parts.numbers;
    return audio.events.filter(({ clockRateHz, payloadType }) => events[clockRateHz] === payloadType);
  }

  private async fetchStats(): Promise<Partial<EndpointStats>> {
    const [report, roundTripMs] = await Promise.all([this.fromBrowser?.report(), this.parts.toBrowser.roundTripMs()]);
    return { ...report, ...(roundTripMs !== undefined && { roundTripMs }) };
  }

  private get isClosed(): boolean {
    return this.negotiation.kind === 'closed';
  }

  private closedMeanwhile(fromBrowser: FromBrowser | undefined): Result<never> {
    fromBrowser?.close();
    return fail('closed', `the endpoint ${this.id} was closed`);
  }

  private noCommonCodec(audio: BrowserAudio): Result<never> {
    const wanted = this.parts.request.codecs.join(', ');
    return fail(
      'not_acceptable_media',
      `no common codec: we want ${wanted}, the browser has ${audio.codecs.map(({ codec }) => codec).join(', ')}`,
    );
  }

  private lose(reason: 'worker-died' | 'ice-failed' | 'dtls-failed'): void {
    if (this.isClosed) return;
    this.parts.log.warn({ endpointId: this.id, reason }, 'a browser leg is lost');
    this.close();
    this.parts.notify({ type: 'endpoint-lost', endpointId: this.id, reason });
  }

  /** Negotiations one after the other; what mediasoup throws becomes a fault here. */
  private serially(task: () => Promise<Result<OpenedEndpoint>>): Promise<Result<OpenedEndpoint>> {
    return this.work.run('negotiation', async () => {
      if (this.isClosed) return fail('closed', `the endpoint ${this.id} is closed`);
      try {
        return await task();
      } catch (error) {
        return fail('unavailable', `mediasoup refused the browser leg: ${messageOf(error)}`, error);
      }
    });
  }
}

/** What we send of those that the browser may send. */
const sentEvent = ({ codec, events }: Agreement): EventFormat | undefined => eventFor(codec.codec, events);

const numbersOf = (events: readonly EventFormat[]): string => events.map(({ payloadType }) => payloadType).join(' ');

/** Why packets of this browser could not be told apart, if so. */
const unroutable = (audio: BrowserAudio): string | undefined =>
  sends(audio.direction) && audio.ssrc === undefined && (audio.mid === undefined || audio.midExtensionId === undefined)
    ? 'the browser announces neither an a=ssrc nor the MID header extension'
    : undefined;

const fingerprintOf = (audio: BrowserAudio): string | undefined => audio.dtls.fingerprints[0]?.value;

/** RFC 8839 section 4.4.1.1.1: new ICE credentials ask for a restart. */
const isIceRestart = (now: BrowserAudio, before: BrowserAudio): boolean =>
  now.ice.usernameFragment !== before.ice.usernameFragment || now.ice.password !== before.ice.password;
