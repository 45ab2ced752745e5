/**
 * Packets from the browser.
 *
 *   browser → producer on the WebRtcTransport → consumer on the DirectTransport → listener
 */
import type { types } from 'mediasoup';
import type { StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec } from '../ports';
import { parseRtp } from '../rtp/packet';
import { MID_EXTENSION_URI } from '../sdp/webrtc-description';
import type { BrowserAudio } from '../sdp/webrtc-description';
import { nextSourceId } from '../source-id';
import { streamCodecs } from './router-codecs';
import type { RouterHome } from './worker-host';

export interface FromBrowserOptions {
  readonly home: RouterHome;
  readonly transport: types.WebRtcTransport;
  readonly audio: BrowserAudio;
  readonly codec: AudioCodec;
  /** The agreed payload type of telephone-event, the same in SDP and router. */
  readonly eventPayloadType: number | undefined;
  readonly onPacket: (packet: StreamPacket) => void;
}

/** What mediasoup counted of the incoming stream. */
export interface ReceptionReport {
  readonly packetsLost: number;
  readonly jitterMs: number;
}

const TIMESTAMP_UNITS_PER_MS = 8;

export class FromBrowser {
  private readonly sourceId = nextSourceId();
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
        codecs: streamCodecs([options.codec], options.eventPayloadType),
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
    return stream && { packetsLost: stream.packetsLost, jitterMs: stream.jitter / TIMESTAMP_UNITS_PER_MS };
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
    this.options.onPacket({
      sourceId: this.sourceId,
      sequenceNumber,
      timestamp,
      marker,
      content: payloadType === this.options.eventPayloadType ? 'telephone-event' : 'audio',
      payload,
    });
  }
}
