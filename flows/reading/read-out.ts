/** Values as they are said: numbers, money, dates and the like, in Chinese and in English. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { CHINESE } from './chinese';
import { ENGLISH } from './english';
import type { CalendarDay, Language, Span, TimeOfDay } from './language';
import { parseDecimal } from './piece';
import type { Decimal, Piece, Reading } from './piece';

export const READING_KINDS = [
  'text',
  'number',
  'digits',
  'amount',
  'date',
  'time',
  'duration',
  'percent',
  'ordinal',
] as const;
export type ReadingKind = (typeof READING_KINDS)[number];

export interface ReadOut {
  readonly kind: ReadingKind;
  readonly value: string;
  /** Such as `en` or `zh-CN`. */
  readonly language: string;
  /** ISO 4217, of amounts. Default `CNY`. */
  readonly currency?: string | undefined;
}

const MAX_DIGITS = 64;
const MAX_ORDINAL = 999_999;
const MAX_DURATION_S = 999 * 3600;

/** Fails with `bad_input` for a value that is none of its kind, and with `unsupported` for a language it cannot read. */
export const readOut = ({ kind, value, language, currency = 'CNY' }: ReadOut): Result<Reading> => {
  const text = value.trim();
  if (text === '') return fail('bad_input', 'there is nothing to be said');
  if (kind === 'text') return ok({ pieces: [], text });
  const spoken = languageOf(language);
  if (!spoken) return fail('unsupported', `numbers and dates are read in English and Chinese, not in ${language}`);
  const pieces = READERS[kind](spoken, text, currency);
  if (!pieces) return fail('bad_input', `"${text.slice(0, 50)}" cannot be read as ${kind}`);
  return ok({ pieces: pieces.map(({ name }) => name), text: pieces.map((one) => one.text).join(spoken.separator) });
};

const languageOf = (language: string): Language | undefined => {
  if (/^zh(-|$)/.test(language)) return CHINESE;
  return /^en(-|$)/.test(language) ? ENGLISH : undefined;
};

type Reader = (language: Language, text: string, currency: string) => Piece[] | undefined;

const ofDecimal =
  (read: (language: Language, value: Decimal, currency: string) => Piece[] | undefined): Reader =>
  (language, text, currency) => {
    const value = parseDecimal(text);
    return value && read(language, value, currency);
  };

const READERS: Readonly<Record<Exclude<ReadingKind, 'text'>, Reader>> = {
  number: ofDecimal((language, value) => language.number(value)),
  amount: ofDecimal((language, value, currency) => language.amount(value, currency)),
  percent: ofDecimal((language, value) => language.percent(value)),
  digits: (language, text) => {
    const digits = text.replace(/[\s().-]/g, '');
    return /^[0-9*#+]+$/.test(digits) && digits.length <= MAX_DIGITS ? language.spelled(digits) : undefined;
  },
  ordinal: (language, text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    return value >= 1 && value <= MAX_ORDINAL ? language.ordinal(value) : undefined;
  },
  date: (language, text) => {
    const day = parseDay(text);
    return day && language.date(day);
  },
  time: (language, text) => {
    const time = parseTime(text);
    return time && language.time(time);
  },
  duration: (language, text) => {
    const span = parseSpan(text);
    return span && language.duration(span);
  },
};

/** `2026-11-22`, `20261122`, or the day of a longer timestamp of ISO 8601. */
const parseDay = (text: string): CalendarDay | undefined => {
  const [, year = '', month = '', day = ''] = /^(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // A day that the month does not have would be one of the next month.
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  return { year: Number(year), month: Number(month), day: Number(day) };
};

/** `14:05`, `14:05:30`, `1405`, or the time of a longer timestamp. */
const parseTime = (text: string): TimeOfDay | undefined => {
  const [, hour, minute, second] = /^(?:.*T)?(\d{2}):?(\d{2})(?::(\d{2}))?/.exec(text.slice(0, 40)) ?? [];
  if (hour === undefined || minute === undefined || !/^(?:\d{4}-?\d{2}-?\d{2}T)?[\d:.+Z-]+$/.test(text))
    return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  return { hour: Number(hour), minute: Number(minute), ...(second !== undefined && { second: Number(second) }) };
};

/** Seconds, or `1:20:05` and `20:05`. */
const parseSpan = (text: string): Span | undefined => {
  const parts = text.split(':');
  if (parts.length > 3 || !parts.every((part) => /^\d{1,7}$/.test(part))) return undefined;
  const total = parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  if (total > MAX_DURATION_S) return undefined;
  return { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 };
};
