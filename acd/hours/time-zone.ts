/** The wall clock of a time zone, by the zone data that Node brings with it. Wall times are kept as if they were UTC. */

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    });
    formats.set(timeZone, format);
  }
  return format;
};

export const isTimeZone = (name: string): boolean => {
  try {
    return name.length > 0 && formatOf(name).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
};

const DAY_MS = 86_400_000;

const wallOf = (timeZone: string, atMs: number): number => {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

/** Midnight of the date that it is there, as if it were UTC. */
export const dateOf = (timeZone: string, atMs: number): number => {
  const wall = wallOf(timeZone, atMs);
  return wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS);
};

/**
 * When the wall clock shows this. A time that is there twice, as clocks are set back, is the first of both; one that
 * clocks skip is as much later as they are set forward.
 */
export const instantOf = (timeZone: string, wall: number): number => {
  const offsetAt = (atMs: number): number => wallOf(timeZone, atMs) - Math.floor(atMs / 1000) * 1000;
  const [before, after] = [wall - offsetAt(wall - DAY_MS), wall - offsetAt(wall + DAY_MS)];
  const shown = [before, after].filter((atMs) => wallOf(timeZone, atMs) === wall);
  return shown.length > 0 ? Math.min(...shown) : before;
};
