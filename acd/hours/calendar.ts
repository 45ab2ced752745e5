/** When a queue is open: weekly hours and dated exceptions on the wall clock of a time zone. Pure. */
import { dateOf, instantOf } from './time-zone';

/** `HH:MM` on the wall clock; one that ends no later than it begins ends on the next day. */
export interface Span {
  readonly from: string;
  /** Up to `24:00`. */
  readonly to: string;
}

/** @typeParam S what is said of its spans beside their times. */
export interface Calendar<S extends Span = Span> {
  /** IANA's name. */
  readonly timeZone: string;
  /** Days from 1 (Monday) to 7; the span begins on each of them. */
  readonly weekly: readonly (S & { readonly days: readonly number[] })[];
  /** What begins on this date (`YYYY-MM-DD`) instead of the weekly hours; closed without hours. */
  readonly exceptions: readonly { readonly date: string; readonly hours: readonly S[] }[];
}

/** A span on one date, in milliseconds since 1970. */
export interface Period<S extends Span = Span> {
  readonly fromMs: number;
  readonly toMs: number;
  readonly span: S;
}

const DAY_MS = 86_400_000;
/** From the day before, whose hours may go on past midnight, to a week ahead. */
const LOOK_AHEAD_DAYS = 8;

export const isOpenAt = (calendar: Calendar, atMs: number): boolean =>
  periodsFrom(calendar, atMs, 1).some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);

/** The next moment at which hours begin or end; undefined when there is none within a week. */
export const nextBoundaryMs = (calendar: Calendar, atMs: number): number | undefined => {
  const later = periodsFrom(calendar, atMs, LOOK_AHEAD_DAYS)
    .flatMap(({ fromMs, toMs }) => [fromMs, toMs])
    .filter((boundaryMs) => boundaryMs > atMs);
  return later.length > 0 ? Math.min(...later) : undefined;
};

/** Hours as periods of absolute time that are not over yet, a week ahead and in their order; what touches is one. */
export const periodsAhead = (calendar: Calendar, atMs: number): (readonly [fromMs: number, toMs: number])[] => {
  const merged: [number, number][] = [];
  const inOrder = periodsFrom(calendar, atMs, LOOK_AHEAD_DAYS).sort((a, b) => a.fromMs - b.fromMs);
  for (const { fromMs, toMs } of inOrder) {
    const last = merged.at(-1);
    if (toMs <= fromMs) continue;
    if (last && fromMs <= last[1]) last[1] = Math.max(last[1], toMs);
    else merged.push([fromMs, toMs]);
  }
  return merged.filter(([, toMs]) => atMs < toMs);
};

/**
 * What of a calendar lies between two moments, wholly or in part, by date of begin.
 * @param counts dates (`YYYY-MM-DD`) that it is to be asked for; all when absent.
 */
export const periodsBetween = <S extends Span>(
  calendar: Calendar<S>,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  counts: (date: string) => boolean = () => true,
): Period<S>[] => {
  const days = Math.ceil((toMs - fromMs) / DAY_MS) + 1;
  const found = periodsFrom(calendar, fromMs, days, counts);
  return found.filter((period) => period.fromMs < toMs && period.toMs > fromMs);
};

const periodsFrom = <S extends Span>(
  calendar: Calendar<S>,
  atMs: number,
  ...[days, counts = () => true]: [days: number, counts?: (date: string) => boolean]
): Period<S>[] => {
  const today = dateOf(calendar.timeZone, atMs);
  const periods: Period<S>[] = [];
  for (let day = -1; day <= days; day += 1) {
    const date = today + day * DAY_MS;
    if (!counts(written(date))) continue;
    for (const span of spansOn(calendar, date)) periods.push(periodOf(calendar.timeZone, date, span));
  }
  return periods;
};

const written = (date: number): string => new Date(date).toISOString().slice(0, 10);

const spansOn = <S extends Span>({ weekly, exceptions }: Calendar<S>, date: number): readonly S[] => {
  const exception = exceptions.find((each) => each.date === written(date));
  if (exception) return exception.hours;
  const weekday = new Date(date).getUTCDay() || 7;
  return weekly.filter(({ days }) => days.includes(weekday));
};

const periodOf = <S extends Span>(timeZone: string, date: number, span: S): Period<S> => {
  const begin = timeOfDayMs(span.from);
  const end = timeOfDayMs(span.to);
  const endDate = end <= begin ? date + DAY_MS : date;
  return { fromMs: instantOf(timeZone, date + begin), toMs: instantOf(timeZone, endDate + end), span };
};

const timeOfDayMs = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
};
