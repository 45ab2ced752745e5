/** Numbers, times and durations as people read them. */
import { systemClock } from '../../../base/clock';
import { LOCALES } from './index';
import type { Language } from './index';

const two = (value: number): string => String(value).padStart(2, '0');

/** A duration as `m:ss`, or `h:mm:ss` from an hour on; never negative. */
export const formatDuration = (durationMs: number): string => {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
};

export const formatClock = (atMs: number, language: Language): string =>
  new Intl.DateTimeFormat(LOCALES[language], { hour: '2-digit', minute: '2-digit', hour12: false }).format(atMs);

/** With the year when it is not that of `nowMs`. */
export const formatDay = (atMs: number, language: Language, nowMs = systemClock.nowMs()): string => {
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(LOCALES[language], { day: 'numeric', month: 'short', ...year }).format(atMs);
};

/** A time of today alone, of other days with the day. */
export const formatMoment = (atMs: number, language: Language, nowMs = systemClock.nowMs()): string => {
  const clock = formatClock(atMs, language);
  return startOfDay(atMs) === startOfDay(nowMs) ? clock : `${formatDay(atMs, language, nowMs)} ${clock}`;
};

/** Midnight of the day of `atMs` in the browser's time zone. */
export const startOfDay = (atMs: number): number => new Date(atMs).setHours(0, 0, 0, 0);
