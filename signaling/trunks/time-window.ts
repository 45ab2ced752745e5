/** Whether a moment lies in a route's time of day. */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { TimeWindow, Weekday } from './settings';

const WEEK: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Tells for a time in milliseconds since 1970. */
export type Within = (nowMs: number) => boolean;

/** Errors: `bad_input` for a time or zone that does not exist. */
export const compileWindow = (window: TimeWindow): Result<Within> => {
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  if (from === undefined || from === 1440) return fail('bad_input', `"${window.from}" is no time of day like 08:30`);
  if (to === undefined) return fail('bad_input', `"${window.to}" is no time of day like 17:30`);
  const { timeZone = 'UTC', days = WEEK } = window;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch {
    return fail('bad_input', `"${timeZone}" is no time zone like Asia/Shanghai`);
  }
  const isDay = (index: number): boolean => days.includes(WEEK[(index + 7) % 7] as Weekday);
  return ok((nowMs) => {
    const { day, minute } = localTime(format, nowMs);
    if (from < to) return isDay(day) && minute >= from && minute < to;
    // Over midnight: the hours after it belong to the day on which the window began.
    return (isDay(day) && minute >= from) || (isDay(day - 1) && minute < to);
  });
};

const minutesOf = (text: string): number | undefined => {
  const [, hours, minutes] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && total <= 1440 ? total : undefined;
};

const localTime = (format: Intl.DateTimeFormat, nowMs: number): { day: number; minute: number } => {
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  const day = WEEK.indexOf((parts.get('weekday') ?? '').toLowerCase() as Weekday);
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
};
