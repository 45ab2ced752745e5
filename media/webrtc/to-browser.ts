/**
 * Packets to the browser: one stable stream for the whole leg, whatever source feeds it.
 *
 *   send() → StreamRewriter → producer on the DirectTransport → consumer on the WebRtcTransport → browser
 */
import type { types } from 'mediasoup';
import type { Clock } from '../../base/clock';
import { silentFrame } from '../codec/codecs';
import type { StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec } from '../ports';
import { serializeRtp } from '../rtp/packet';
import { StreamRewriter } from '../rtp/stream-rewriter';
import { MID_EXTENSION_URI } from '../sdp/webrtc-description';
import { nextSourceId } from '../source-id';
import { ROUTER_MID_EXTENSION_ID, everythingOf, payloadTypeOf } from './router-codecs';
import type { RouterNumbers } from './router-codecs';
import type { RouterHome } from './worker-host';

export interface ToBrowserOptions {
  readonly home: RouterHome;
  readonly transport: types.WebRtcTransport;
  readonly clock: Clock;
  /** Unique on the DirectTransport; the browser sees another one. */
  readonly ssrc: number;
  /** Those of this home's router. */
  readonly numbers: RouterNumbers;
  /** What the leg may carry, most wanted first: mediasoup counts the stream's time by the first. */
  readonly codecs: readonly AudioCodec[];
  /** Absent when the browser negotiated none or another id than the router's. */
  readonly mid: string | undefined;
}

/** mediasoup writes no longer value into the header extension. */
const MAX_MID_CHARACTERS = 8;

export class ToBrowser {
  private readonly rewriter: StreamRewriter;
  private sent = 0;

  private constructor(
    private readonly producer: types.Producer,
    private readonly consumer: types.Consumer,
    private readonly options: ToBrowserOptions,
  ) {
    this.rewriter = new StreamRewriter(options.clock);
  }

  static async open(options: ToBrowserOptions): Promise<ToBrowser> {
    const { home, transport, mid } = options;
    const producer = await home.direct.produce({
      kind: 'audio',
      rtpParameters: {
        codecs: everythingOf(options.numbers, options.codecs),
        encodings: [{ ssrc: options.ssrc }],
      },
    });
    const usableMid = mid !== undefined && mid.length <= MAX_MID_CHARACTERS ? mid : undefined;
    const midExtension = { kind: 'audio', uri: MID_EXTENSION_URI, preferredId: ROUTER_MID_EXTENSION_ID } as const;
    try {
      const consumer = await transport.consume({
        producerId: producer.id,
        rtpCapabilities: {
          codecs: home.router.rtpCapabilities.codecs ?? [],
          headerExtensions: usableMid === undefined ? [] : [midExtension],
        },
        ...(usableMid !== undefined && { mid: usableMid }),
      });
      const toBrowser = new ToBrowser(producer, consumer, options);
      toBrowser.wakeProducer();
      return toBrowser;
    } catch (error) {
      producer.close();
      throw error;
    }
  }

  /** The SSRC that the browser sees. */
  get ssrc(): number {
    return this.consumer.rtpParameters.encodings?.[0]?.ssrc ?? 0;
  }

  get cname(): string {
    return this.consumer.rtpParameters.rtcp?.cname ?? '';
  }

  get packetsSent(): number {
    return this.sent;
  }

  /** See {@link StreamRewriter.carry}. */
  carry(codec: AudioCodec): void {
    this.rewriter.carry(codec);
  }

  send(packet: StreamPacket, payloadType: number): void {
    const header = this.rewriter.rewrite(packet);
    if (!header || this.producer.closed) return;
    const { marker, sequenceNumber, timestamp } = header;
    const { ssrc } = this.options;
    this.producer.send(serializeRtp({ marker, payloadType, sequenceNumber, timestamp, ssrc, payload: packet.payload }));
    this.sent += 1;
  }

  /** A packet that is not sent on purpose, so that it is no gap to the browser. */
  omit(packet: StreamPacket): void {
    this.rewriter.omit(packet);
  }

  /** From RTCP; undefined until the browser has reported. */
  async roundTripMs(): Promise<number | undefined> {
    const stats = await this.consumer.getStats();
    return stats.find((entry) => entry.type === 'outbound-rtp')?.roundTripTime;
  }

  /** Idempotent; the consumer ends with its producer. */
  close(): void {
    this.producer.close();
  }

  /**
   * mediasoup's producer begins its stream with the first packet of its first codec only, and drops what comes before:
   * other codecs and digits would never be heard. The consumer drops this packet, for nobody is connected yet.
   */
  private wakeProducer(): void {
    const [codec = 'PCMA'] = this.options.codecs;
    const silence: StreamPacket = {
      sourceId: nextSourceId(),
      sequenceNumber: 0,
      timestamp: 0,
      marker: false,
      content: 'audio',
      payload: silentFrame(codec),
    };
    this.send(silence, payloadTypeOf(codec, this.options.numbers));
    this.sent = 0;
  }
}
