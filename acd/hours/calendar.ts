/** When a queue is open: weekly hours and dated exceptions on the wall clock of a time zone. Pure. */
import { dateOf, instantOf } from './time-zone';

/** `HH:MM` on the wall clock; one that ends no later than it begins ends on the next day. */
export interface Span {
  readonly from: string;
  /** Up to `24:00`. */
  readonly to: string;
}

export interface Calendar {
  /** IANA's name. */
  readonly timeZone: string;
  /** Days from 1 (Monday) to 7; the span begins on each of them. */
  readonly weekly: readonly (Span & { readonly days: readonly number[] })[];
  /** What begins on this date (`YYYY-MM-DD`) instead of the weekly hours; closed without hours. */
  readonly exceptions: readonly { readonly date: string; readonly hours: readonly Span[] }[];
}

const DAY_MS = 86_400_000;
/** From the day before, whose hours may go on past midnight, to a week ahead. */
const LOOK_AHEAD_DAYS = 8;

export const isOpenAt = (calendar: Calendar, atMs: number): boolean =>
  periodsFrom(calendar, atMs, 1).some(([fromMs, toMs]) => fromMs <= atMs && atMs < toMs);

/** The next moment at which hours begin or end; undefined when there is none within a week. */
export const nextBoundaryMs = (calendar: Calendar, atMs: number): number | undefined => {
  const later = periodsFrom(calendar, atMs, LOOK_AHEAD_DAYS)
    .flat()
    .filter((boundaryMs) => boundaryMs > atMs);
  return later.length > 0 ? Math.min(...later) : undefined;
};

/** Hours as periods of absolute time that are not over yet, a week ahead and in their order; what touches is one. */
export const periodsAhead = (calendar: Calendar, atMs: number): (readonly [fromMs: number, toMs: number])[] => {
  const merged: [number, number][] = [];
  const inOrder = periodsFrom(calendar, atMs, LOOK_AHEAD_DAYS).sort(([a], [b]) => a - b);
  for (const [fromMs, toMs] of inOrder) {
    const last = merged.at(-1);
    if (toMs <= fromMs) continue;
    if (last && fromMs <= last[1]) last[1] = Math.max(last[1], toMs);
    else merged.push([fromMs, toMs]);
  }
  return merged.filter(([, toMs]) => atMs < toMs);
};

const periodsFrom = (calendar: Calendar, atMs: number, days: number): (readonly [number, number])[] => {
  const today = dateOf(calendar.timeZone, atMs);
  const periods: (readonly [number, number])[] = [];
  for (let day = -1; day <= days; day += 1) {
    const date = today + day * DAY_MS;
    for (const span of spansOn(calendar, date)) periods.push(periodOf(calendar.timeZone, date, span));
  }
  return periods;
};

const spansOn = ({ weekly, exceptions }: Calendar, date: number): readonly Span[] => {
  const written = new Date(date).toISOString().slice(0, 10);
  const exception = exceptions.find((each) => each.date === written);
  if (exception) return exception.hours;
  const weekday = new Date(date).getUTCDay() || 7;
  return weekly.filter(({ days }) => days.includes(weekday));
};

const periodOf = (timeZone: string, date: number, { from, to }: Span): readonly [number, number] => {
  const fromMs = timeOfDayMs(from);
  const toMs = timeOfDayMs(to);
  const endDate = toMs <= fromMs ? date + DAY_MS : date;
  return [instantOf(timeZone, date + fromMs), instantOf(timeZone, endDate + toMs)];
};

const timeOfDayMs = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
};
