/**
 * Packets from the browser.
 *
 *   browser → producer on the WebRtcTransport → consumer on the DirectTransport → listener
 */
import type { types } from 'mediasoup';
import { CODEC_FACTS } from '../codec/codecs';
import { EventClock } from '../dtmf/event-clock';
import type { StreamPacket } from '../endpoint/endpoint';
import { parseRtp } from '../rtp/packet';
import type { EventFormat } from '../sdp/codec-formats';
import type { RemoteCodec } from '../sdp/rtp-remote';
import { MID_EXTENSION_URI } from '../sdp/webrtc-description';
import type { BrowserAudio } from '../sdp/webrtc-description';
import { nextSourceId } from '../source-id';
import { streamCodecs } from './router-codecs';
import type { RouterHome } from './worker-host';

export interface FromBrowserOptions {
  readonly home: RouterHome;
  readonly transport: types.WebRtcTransport;
  readonly audio: BrowserAudio;
  readonly codec: RemoteCodec;
  /** telephone-event at each clock that was agreed on, with the same number in SDP and router. */
  readonly events: readonly EventFormat[];
  readonly onPacket: (packet: StreamPacket) => void;
}

/** What mediasoup counted of the incoming stream. */
export interface ReceptionReport {
  readonly packetsLost: number;
  readonly jitterMs: number;
}

export class FromBrowser {
  private readonly sourceId = nextSourceId();
  private readonly eventClock = new EventClock();
  private received = 0;

  private constructor(
    private readonly producer: types.Producer,
    consumer: types.Consumer,
    private readonly options: FromBrowserOptions,
  ) {
    consumer.on('rtp', (datagram) => this.receive(datagram));
  }

  static async open(options: FromBrowserOptions): Promise<FromBrowser> {
    const { home, transport, audio } = options;
    const producer = await transport.produce({
      kind: 'audio',
      rtpParameters: {
        ...(audio.mid !== undefined && { mid: audio.mid }),
        codecs: streamCodecs([options.codec], options.events),
        headerExtensions:
          audio.midExtensionId === undefined ? [] : [{ uri: MID_EXTENSION_URI, id: audio.midExtensionId }],
        // Without an SSRC in the SDP, mediasoup takes the stream that bears the MID.
        encodings: [audio.ssrc === undefined ? {} : { ssrc: audio.ssrc }],
      },
    });
    try {
      const consumer = await home.direct.consume({
        producerId: producer.id,
        rtpCapabilities: home.router.rtpCapabilities,
      });
      return new FromBrowser(producer, consumer, options);
    } catch (error) {
      producer.close();
      throw error;
    }
  }

  get packetsReceived(): number {
    return this.received;
  }

  async report(): Promise<ReceptionReport | undefined> {
    const stats = await this.producer.getStats();
    const stream = stats[0];
    const unitsPerMs = CODEC_FACTS[this.options.codec.codec].clockRateHz / 1000;
    return stream && { packetsLost: stream.packetsLost, jitterMs: stream.jitter / unitsPerMs };
  }

  /** Idempotent; the consumer ends with its producer. */
  close(): void {
    this.producer.close();
  }

  private receive(datagram: Buffer): void {
    const parsed = parseRtp(datagram);
    if (!parsed.ok) return;
    const { payloadType, sequenceNumber, timestamp, marker, payload } = parsed.value;
    this.received += 1;
    const event = this.options.events.find((format) => format.payloadType === payloadType);
    const content = event ? 'telephone-event' : 'audio';
    const packet: StreamPacket = { sourceId: this.sourceId, sequenceNumber, timestamp, marker, content, payload };
    this.options.onPacket(event ? this.eventClock.inward(packet, event.clockRateHz) : packet);
  }
}
