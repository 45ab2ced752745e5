/** The PIN of a conference room: how its digits come together, and which role it gives. Pure. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';

export const MAX_PIN_DIGITS = 12;

/** More keys make the PIN complete, or wait for the next one. */
export type Keyed =
  | { readonly kind: 'more'; readonly digits: string }
  /** No digits: the caller has none, or has pressed nothing. */
  | { readonly kind: 'complete'; readonly digits: string };

/** `#` ends the PIN, `*` begins it anew, as after a slip. */
export const keyed = (digits: string, key: string): Keyed => {
  if (key === '#') return { kind: 'complete', digits };
  if (key === '*') return { kind: 'more', digits: '' };
  const longer = digits + key;
  return { kind: longer.length >= MAX_PIN_DIGITS ? 'complete' : 'more', digits: longer };
};

type Pins = Pick<ConferenceRoom, 'moderatorPin' | 'participantPin' | 'listenerPin' | 'withoutPin'>;

/** Who needs no PIN is not asked for one. */
export const asksForPin = ({ moderatorPin, participantPin, listenerPin, withoutPin }: Pins): boolean =>
  withoutPin === 'refused' || [moderatorPin, participantPin, listenerPin].some((pin) => pin !== undefined);

/** Undefined for a wrong PIN. Takes as long for a wrong one as for the right one. */
export const roleOfPin = (room: Pins, digits: string): ConferenceRole | undefined => {
  if (digits === '') return room.withoutPin === 'refused' ? undefined : room.withoutPin;
  const moderator = isSame(room.moderatorPin, digits);
  const participant = isSame(room.participantPin, digits);
  const listener = isSame(room.listenerPin, digits);
  if (moderator) return 'moderator';
  if (participant) return 'participant';
  return listener ? 'listener' : undefined;
};

const isSame = (pin: string | undefined, digits: string): boolean => {
  const same = timingSafeEqual(hashOf(pin ?? ''), hashOf(digits));
  return pin !== undefined && same;
};

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
