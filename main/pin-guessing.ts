/** The alarm when somebody guesses the PINs of a conference room. */
import type { NewAlarm } from '../base/alarms';

export const pinGuessing = (room: string): NewAlarm => ({
  kind: 'conference-pin-guessing',
  severity: 'warning',
  message: `So many wrong PINs were keyed in for the conference room ${room} that it takes none for a while.`,
  details: { room },
});
