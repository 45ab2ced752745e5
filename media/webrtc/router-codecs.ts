/**
 * The codecs of a router for browser legs. A router numbers its codecs once for all its consumers, so there is one router
 * for every set of numbers that browsers give to Opus and telephone-event ({@link RouterNumbers}); G.711 and G.722 have
 * theirs from RFC 3551 everywhere.
 */
import type { types } from 'mediasoup';
import { CODEC_FACTS } from '../codec/codecs';
import type { AudioCodec } from '../ports';
import { OFFERED_EVENT_PAYLOAD_TYPES, OFFERED_PAYLOAD_TYPES, rtpMapOf } from '../sdp/codec-formats';
import type { EventClockHz, EventFormat } from '../sdp/codec-formats';
import type { BrowserAudio } from '../sdp/webrtc-description';

/** The id of the MID header extension in every router of mediasoup. */
export const ROUTER_MID_EXTENSION_ID = 1;

/** The dynamic payload types of one router, all different. */
export interface RouterNumbers {
  readonly opus: number;
  /** telephone-event by its clock. */
  readonly events: Readonly<Record<EventClockHz, number>>;
}

/** Those of our own offers. */
export const OFFERED_NUMBERS: RouterNumbers = {
  opus: OFFERED_PAYLOAD_TYPES.OPUS,
  events: OFFERED_EVENT_PAYLOAD_TYPES,
};

const EVENT_CLOCKS: readonly EventClockHz[] = [8000, 48_000];
const FIRST_DYNAMIC = 96;

/** The numbers that fit a browser's offer; what it does not have gets one that is free. */
export function numbersFor(audio: BrowserAudio): RouterNumbers {
  const opus = audio.codecs.find(({ codec }) => codec === 'OPUS')?.payloadType;
  const eventAt = (clock: EventClockHz): number | undefined =>
    audio.events.find(({ clockRateHz }) => clockRateHz === clock)?.payloadType;
  const [at8000, at48000] = [eventAt(8000), eventAt(48_000)];
  const taken = new Set([opus, at8000, at48000]);
  const free = (wanted: number): number => {
    let number = wanted;
    for (let candidate = FIRST_DYNAMIC; taken.has(number); candidate += 1) number = candidate;
    taken.add(number);
    return number;
  };
  return {
    opus: opus ?? free(OFFERED_NUMBERS.opus),
    events: {
      8000: at8000 ?? free(OFFERED_NUMBERS.events[8000]),
      48_000: at48000 ?? free(OFFERED_NUMBERS.events[48_000]),
    },
  };
}

/** Names a router. */
export const keyOf = ({ opus, events }: RouterNumbers): string => [opus, events[8000], events[48_000]].join(' ');

export const payloadTypeOf = (codec: AudioCodec, { opus }: RouterNumbers): number =>
  codec === 'OPUS' ? opus : OFFERED_PAYLOAD_TYPES[codec];

/**
 * Deviation: telephone-event is declared to mediasoup as SILK, which nobody uses, because consumers drop payload types
 * that are no "media codec" to mediasoup. There is no SILK at 48 kHz; mediasoup reads no timestamps of these packets. SDP
 * keeps saying telephone-event at its own rate.
 */
const EVENT_STAND_IN = 'audio/SILK';
const STAND_IN_CLOCKS_HZ: Readonly<Record<EventClockHz, number>> = { 8000: 8000, 48_000: 24_000 };

const mimeTypeOf = (codec: AudioCodec): string => `audio/${rtpMapOf(codec, 0).codec}`;

export const routerCodecs = (numbers: RouterNumbers): types.RouterRtpCodecCapability[] => [
  ...(['PCMA', 'PCMU', 'G722', 'OPUS'] as const).map((codec) => ({
    kind: 'audio' as const,
    preferredPayloadType: payloadTypeOf(codec, numbers),
    ...clockOf(codec),
  })),
  ...EVENT_CLOCKS.map((clock) => ({
    kind: 'audio' as const,
    mimeType: EVENT_STAND_IN,
    preferredPayloadType: numbers.events[clock],
    clockRate: STAND_IN_CLOCKS_HZ[clock],
  })),
];

const clockOf = (codec: AudioCodec): { mimeType: string; clockRate: number; channels?: number } => ({
  mimeType: mimeTypeOf(codec),
  clockRate: CODEC_FACTS[codec].clockRateHz,
  ...(codec === 'OPUS' && { channels: 2 }),
});

/** The codecs of one stream, the chosen ones first: mediasoup finds a stream without SSRC by its first codec. */
export const streamCodecs = (
  codecs: readonly { readonly codec: AudioCodec; readonly payloadType: number }[],
  events: readonly EventFormat[],
): types.RtpCodecParameters[] => [
  ...codecs.map(({ codec, payloadType }) => ({ payloadType, ...clockOf(codec) })),
  ...events.map(({ payloadType, clockRateHz }) => ({
    mimeType: EVENT_STAND_IN,
    payloadType,
    clockRate: STAND_IN_CLOCKS_HZ[clockRateHz],
  })),
];

/** All that a router carries, with its own numbers, in the order of `codecs`. */
export const everythingOf = (numbers: RouterNumbers, codecs: readonly AudioCodec[]): types.RtpCodecParameters[] =>
  streamCodecs(
    codecs.map((codec) => ({ codec, payloadType: payloadTypeOf(codec, numbers) })),
    EVENT_CLOCKS.map((clockRateHz) => ({ payloadType: numbers.events[clockRateHz], clockRateHz })),
  );
