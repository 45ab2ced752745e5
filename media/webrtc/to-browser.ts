/**
 * Packets to the browser: one stable stream for the whole leg, whatever source feeds it.
 *
 *   send() → StreamRewriter → producer on the DirectTransport → consumer on the WebRtcTransport → browser
 */
import type { types } from 'mediasoup';
import type { Clock } from '../../base/clock';
import type { StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec } from '../ports';
import { serializeRtp } from '../rtp/packet';
import { StreamRewriter } from '../rtp/stream-rewriter';
import { MID_EXTENSION_URI } from '../sdp/webrtc-description';
import { ROUTER_MID_EXTENSION_ID, streamCodecs } from './router-codecs';
import type { RouterHome } from './worker-host';

export interface ToBrowserOptions {
  readonly home: RouterHome;
  readonly transport: types.WebRtcTransport;
  readonly clock: Clock;
  /** Unique on the DirectTransport; the browser sees another one. */
  readonly ssrc: number;
  /** The payload type of telephone-event in this home's router. */
  readonly eventPayloadType: number;
  /** Absent when the browser negotiated none or another id than the router's. */
  readonly mid: string | undefined;
}

/** mediasoup writes no longer value into the header extension. */
const MAX_MID_CHARACTERS = 8;
const ALL_CODECS: readonly AudioCodec[] = ['PCMA', 'PCMU'];

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
        codecs: streamCodecs(ALL_CODECS, options.eventPayloadType),
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
      return new ToBrowser(producer, consumer, options);
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

  send(packet: StreamPacket, payloadType: number): void {
    const header = this.rewriter.rewrite(packet);
    if (!header || this.producer.closed) return;
    this.producer.send(serializeRtp({ ...header, payloadType, ssrc: this.options.ssrc, payload: packet.payload }));
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
}
