/** How codecs and telephone-event are written in SDP: numbers, rtpmap and fmtp. */
import type { AudioCodec } from '../ports';

/**
 * The payload types of our own offers: the static ones of RFC 3551 section 6, which also says why G.722's clock is written
 * as 8000, and for Opus the number that browsers use.
 */
export const OFFERED_PAYLOAD_TYPES: Readonly<Record<AudioCodec, number>> = { PCMU: 0, PCMA: 8, G722: 9, OPUS: 111 };

const STATIC_CODECS: readonly AudioCodec[] = ['PCMU', 'PCMA', 'G722'];

/** Clock rates of telephone-event that we know. */
export type EventClockHz = 8000 | 48_000;

/** The numbers that we give telephone-event in our offers, by its clock: 101 is what most of the field uses too. */
export const OFFERED_EVENT_PAYLOAD_TYPES: Readonly<Record<EventClockHz, number>> = { 8000: 101, 48_000: 110 };

/** A telephone-event format of an SDP. */
export interface EventFormat {
  readonly payloadType: number;
  readonly clockRateHz: EventClockHz;
}

export interface RtpMap {
  readonly payload: number;
  readonly codec: string;
  readonly rate: number;
  readonly encoding?: number;
}

/** RFC 7587 section 7: always `opus/48000/2`, also when the sound is mono. */
export const rtpMapOf = (codec: AudioCodec, payload: number): RtpMap =>
  codec === 'OPUS' ? { payload, codec: 'opus', rate: 48_000, encoding: 2 } : { payload, codec, rate: 8000 };

/** RFC 7587 section 6.1: packets of 10 ms or more, and we make use of redundancy. Other codecs have none. */
export const formatParametersOf = (codec: AudioCodec): string | undefined =>
  codec === 'OPUS' ? 'minptime=10;useinbandfec=1' : undefined;

/** What a format of an m= line is, by its rtpmap or, without one, by its number. Names are compared as RFC 8866 says. */
export function codecOfFormat(
  payloadType: number,
  map: { readonly codec: unknown; readonly rate?: unknown; readonly encoding?: unknown } | undefined,
): AudioCodec | undefined {
  if (!map) return STATIC_CODECS.find((codec) => OFFERED_PAYLOAD_TYPES[codec] === payloadType);
  // The library makes numbers of names and parameters that consist of digits.
  const [name, rate, channels] = [String(map.codec).toUpperCase(), Number(map.rate), Number(map.encoding ?? 1)];
  if (name === 'OPUS') return rate === 48_000 && channels === 2 ? 'OPUS' : undefined;
  return rate === 8000 && channels === 1 ? STATIC_CODECS.find((codec) => codec === name) : undefined;
}

/** The clocks of telephone-event that go with these codecs, RFC 4733 section 2.1: that of the sound beside it. */
export function eventClocksFor(codecs: readonly AudioCodec[]): EventClockHz[] {
  const clocks = codecs.map((codec): EventClockHz => (codec === 'OPUS' ? 48_000 : 8000));
  return [...new Set(clocks)];
}

/** Of the peer's telephone-events the one that goes with the codec; some peers have only 8000 beside Opus. */
export function eventFor(codec: AudioCodec, events: readonly EventFormat[]): EventFormat | undefined {
  const [wanted] = eventClocksFor([codec]);
  return (
    events.find(({ clockRateHz }) => clockRateHz === wanted) ?? events.find(({ clockRateHz }) => clockRateHz === 8000)
  );
}

export const isEventClock = (rate: unknown): rate is EventClockHz => rate === 8000 || rate === 48_000;
