/** When a request came to the SIP server, which says the time of the day alone, and in a time zone of its own. */

const TIME_OF_DAY = /^(\d{2}):(\d{2}):(\d{2})\.(\d{3})/;

/** All time zones differ by quarters of an hour, so that how long ago it was is certain up to there. */
const QUARTER_MS = 15 * 60_000;

/** Clocks of two machines, or the rounding of one, may make it seem to come from the future. */
const AHEAD_MS = 60_000;

/** In milliseconds since 1970; undefined when the server does not say it. No request waits for a quarter of an hour. */
export const arrivalTimeMs = (stackTime: string | undefined, nowMs: number): number | undefined => {
  const parts = TIME_OF_DAY.exec(stackTime ?? '');
  if (!parts) return undefined;
  const [hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts.slice(1).map(Number);
  const ofDayMs = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds;
  const agoMs = (((nowMs - ofDayMs) % QUARTER_MS) + QUARTER_MS) % QUARTER_MS;
  return agoMs > QUARTER_MS - AHEAD_MS ? nowMs : nowMs - agoMs;
};
