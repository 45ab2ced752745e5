/**
 * The codecs of a router for browser legs. A router numbers its codecs once for all its consumers, so there is one
 * router for every payload type that browsers give to telephone-event (Chromium 126, Firefox 101, our own offers
 * {@link OFFERED_EVENT_PAYLOAD_TYPE}); G.711 is 0 and 8 everywhere.
 */
import type { types } from 'mediasoup';
import type { AudioCodec } from '../ports';
import { STATIC_PAYLOAD_TYPES } from '../sdp/rtp-remote';

/** The payload type of telephone-event in our own offers. */
export const OFFERED_EVENT_PAYLOAD_TYPE = 101;

/** The id of the MID header extension in every router of mediasoup. */
export const ROUTER_MID_EXTENSION_ID = 1;

/**
 * Deviation: telephone-event is declared to mediasoup as SILK at 8 kHz, which nobody uses, because consumers drop
 * payload types that are no "media codec" to mediasoup. SDP keeps saying telephone-event/8000.
 */
const EVENT_STAND_IN = 'audio/SILK';
const CLOCK_RATE_HZ = 8000;

export const routerCodecs = (eventPayloadType: number): types.RouterRtpCodecCapability[] => [
  { kind: 'audio', mimeType: 'audio/PCMA', preferredPayloadType: STATIC_PAYLOAD_TYPES.PCMA, clockRate: CLOCK_RATE_HZ },
  { kind: 'audio', mimeType: 'audio/PCMU', preferredPayloadType: STATIC_PAYLOAD_TYPES.PCMU, clockRate: CLOCK_RATE_HZ },
  { kind: 'audio', mimeType: EVENT_STAND_IN, preferredPayloadType: eventPayloadType, clockRate: CLOCK_RATE_HZ },
];

/** The codecs of one stream, the chosen ones first: mediasoup finds a stream without SSRC by its first codec. */
export const streamCodecs = (
  codecs: readonly AudioCodec[],
  eventPayloadType: number | undefined,
): types.RtpCodecParameters[] => [
  ...codecs.map((codec) => ({
    mimeType: `audio/${codec}`,
    payloadType: STATIC_PAYLOAD_TYPES[codec],
    clockRate: CLOCK_RATE_HZ,
  })),
  ...(eventPayloadType === undefined
    ? []
    : [{ mimeType: EVENT_STAND_IN, payloadType: eventPayloadType, clockRate: CLOCK_RATE_HZ }]),
];
