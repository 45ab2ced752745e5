/**
 * The payload of RFC 4733 section 2.3.
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     event     |E|R| volume    |          duration             |
 */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';

/** The digits in the order of their event codes 0 to 15 (RFC 4733 section 3.2). */
export const DTMF_DIGITS = '0123456789*#ABCD';

export const EVENT_END_BIT = 0x80;
/** Timestamp units per millisecond at telephone-event/8000. */
export const EVENT_UNITS_PER_MS = 8;
/** The longest duration that one segment of an event can state, in timestamp units. */
export const MAX_EVENT_DURATION = 0xffff;

/** A tone of -10 dBm0, as telephones send. */
const DEFAULT_VOLUME = 10;

export interface TelephoneEvent {
  /** 0 to 255; digits are 0 to 15. */
  readonly event: number;
  readonly end: boolean;
  /** Attenuation in dBm0, without the sign: 0 to 63. */
  readonly volume: number;
  /** In timestamp units of 1/8000 s since the segment's beginning. */
  readonly duration: number;
}

/** Fails with `bad_input` for a payload of fewer than four bytes; what follows the first event is ignored. */
export function parseTelephoneEvent(payload: Buffer): Result<TelephoneEvent> {
  if (payload.length < 4) return fail('bad_input', `a telephone-event has four bytes, not ${payload.length}`);
  const flags = payload.readUInt8(1);
  return ok({
    event: payload.readUInt8(0),
    end: (flags & EVENT_END_BIT) !== 0,
    volume: flags & 0x3f,
    duration: payload.readUInt16BE(2),
  });
}

export function serializeTelephoneEvent(event: Omit<TelephoneEvent, 'volume'> & { readonly volume?: number }): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt8(event.event, 0);
  payload.writeUInt8((event.end ? EVENT_END_BIT : 0) | ((event.volume ?? DEFAULT_VOLUME) & 0x3f), 1);
  payload.writeUInt16BE(event.duration, 2);
  return payload;
}

/** The digit of an event code, or undefined for events that are no digits (flash hook, tones). */
export const digitOfEvent = (event: number): string | undefined => DTMF_DIGITS[event];

/** The event code of one digit (letters in either case), or undefined when there is none. */
export function eventOfDigit(digit: string): number | undefined {
  const code = digit.length === 1 ? DTMF_DIGITS.indexOf(digit.toUpperCase()) : -1;
  return code < 0 ? undefined : code;
}
