/** What a language can read out. */
import type { Decimal, Piece } from './piece';

export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export interface TimeOfDay {
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
  readonly second?: number | undefined;
}

export interface Span {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

export interface Language {
  /** Between words in a sentence. */
  readonly separator: string;
  number(value: Decimal): Piece[];
  /** Digits, `*`, `#` and `+`, one by one. */
  spelled(text: string): Piece[];
  /** Undefined for a currency that it has no words for. */
  amount(value: Decimal, currency: string): Piece[] | undefined;
  percent(value: Decimal): Piece[];
  /** From 1. */
  ordinal(value: number): Piece[];
  date(day: CalendarDay): Piece[];
  time(time: TimeOfDay): Piece[];
  duration(span: Span): Piece[];
}
