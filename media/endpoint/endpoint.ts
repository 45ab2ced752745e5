/**
 * One party's media inside the media process. Whatever carries it (a UDP socket, mediasoup), an endpoint takes RTP
 * packets in and gives RTP packets out; players, bridges and recorders know no more than this.
 */
import type { EndpointId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { AudioCodec, DigitForm, EndpointKind, EndpointStats, MediaEvent, OpenedEndpoint } from '../ports';

/**
 * An RTP packet between endpoints. Sequence number and timestamp are those of the source's own stream: each endpoint
 * rewrites them (and the SSRC and payload type) onto the one stream that its peer hears, so that a change of source is
 * seamless and a lost packet stays a visible gap.
 */
export interface StreamPacket {
  /** Identifies the source stream; a new value means that numbering starts anew. */
  readonly sourceId: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly marker: boolean;
  /** `audio` in the endpoint's codec, an RFC 4733 event, or `tone`: sound that goes before all other. */
  readonly content: 'audio' | 'telephone-event' | 'tone';
  readonly payload: Buffer;
  /** Comfort noise (RFC 3389): the peer is silent, and sends nothing for a while. */
  readonly announcesPause?: true;
}

export type PacketListener = (packet: StreamPacket) => void;

export interface MediaEndpoint {
  readonly id: EndpointId;
  readonly kind: EndpointKind;
  /** Undefined until offer and answer are complete. */
  readonly codec: AudioCodec | undefined;
  /** How digits reach the peer. */
  readonly digitForm: DigitForm;
  /** Subscribes to what the peer says; returns the function that unsubscribes. */
  onPacket(listener: PacketListener): () => void;
  /** Sends one packet to the peer; silently dropped as long as the peer cannot be reached. */
  send(packet: StreamPacket): void;
  /** While true, keys that the peer presses reach nobody who listens, in any form; they are still reported. */
  hideDigits(hidden: boolean): void;
  acceptAnswer(sdp: string): Promise<Result<OpenedEndpoint>>;
  answerReoffer(offer: string): Promise<Result<OpenedEndpoint>>;
  /** Our offer within the dialog, with everything that we can do. */
  reoffer(): Result<OpenedEndpoint>;
  stats(): EndpointStats;
  /** Releases sockets, ports, transports and timers; idempotent. */
  close(): void;
}

/** What an endpoint tells its owner by itself. */
export type EndpointNotice = Extract<
  MediaEvent,
  { type: 'digit' | 'digit-due' | 'connected' | 'sending' | 'endpoint-lost' }
>;
