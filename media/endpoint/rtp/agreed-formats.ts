/**
 * What a peer's packet is by its payload type, worked out once for an agreement instead of once for each packet; and what
 * ours are.
 */
import { isG711, isTranslatable } from '../../codec/codecs';
import { COMFORT_NOISE_PAYLOAD_TYPE } from '../../codec/comfort-noise';
import type { AudioCodec, G711Codec } from '../../ports';
import type { EventFormat } from '../../sdp/codec-formats';
import type { AgreedAudio } from '../../sdp/rtp-negotiation';

const PAYLOAD_TYPES = 128;

/** `comfort-noise` is of a silent G.711 talker. */
export type ReceivedFormat =
  | { readonly content: 'audio'; readonly codec: AudioCodec }
  | { readonly content: 'comfort-noise'; readonly codec: G711Codec }
  | { readonly content: 'telephone-event'; readonly clockRateHz: number };

export class AgreedFormats {
  /** Whether we may send. */
  readonly sends: boolean;
  /** Of the sound that we send. */
  readonly payloadType: number;
  readonly codec: AudioCodec;
  /** telephone-event as we send it, when both take it. */
  readonly event: EventFormat | undefined;
  private readonly received: (ReceivedFormat | undefined)[];
  /** Of the packet before: a peer's packets are nearly all of one format, and the table is far from the cache by then. */
  private lastPayloadType = -1;
  private last: ReceivedFormat | undefined;

  /** @param ownCodec what the endpoint's packets are inside: formats that cannot be made it are not understood. */
  constructor(agreed: AgreedAudio, ownCodec: AudioCodec) {
    const { direction, codec, payloadType, event } = agreed;
    this.sends = direction === 'sendrecv' || direction === 'sendonly';
    this.payloadType = payloadType;
    this.codec = codec;
    this.event = event;
    const receives = direction === 'sendrecv' || direction === 'recvonly';
    this.received = receives ? receivedFormats(agreed, ownCodec) : [];
  }

  /** Undefined for what was not agreed on, and for everything while nothing is to come. */
  of(payloadType: number): ReceivedFormat | undefined {
    if (payloadType !== this.lastPayloadType) {
      this.last = this.received[payloadType];
      this.lastPayloadType = payloadType;
    }
    return this.last;
  }
}

function receivedFormats(agreed: AgreedAudio, ownCodec: AudioCodec): (ReceivedFormat | undefined)[] {
  const formats = Array.from<ReceivedFormat | undefined>({ length: PAYLOAD_TYPES });
  for (const { payloadType, clockRateHz } of agreed.receivableEvents)
    formats[payloadType] = { content: 'telephone-event', clockRateHz };
  for (const { payloadType, codec } of agreed.receivable)
    if (isTranslatable(codec, ownCodec)) formats[payloadType] = { content: 'audio', codec };
  // Nobody has agreed to comfort noise with us; who sends it all the same means the silence of a G.711 talker.
  if (isG711(agreed.codec)) formats[COMFORT_NOISE_PAYLOAD_TYPE] = { content: 'comfort-noise', codec: agreed.codec };
  return formats;
}
