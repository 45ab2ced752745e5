/** What is read out, as words that can be recorded one by one. */

/** A prompt of the library, and what it says. */
export interface Piece {
  readonly name: string;
  readonly text: string;
}

/** Recordings in their order, and the same as one sentence for a speech engine. */
export interface Reading {
  /** Empty when the text is no sentence of recorded words. */
  readonly pieces: readonly string[];
  readonly text: string;
}

/** A decimal number as it was written: nothing is rounded by being read. */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; `0` for none. */
  readonly whole: string;
  /** After the point, as written; empty without one. */
  readonly fraction: string;
}

const NUMBER = /^([+-]?)(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,9}))?$/;

/** Undefined for what is no number, or one of more than 15 digits. */
export const parseDecimal = (text: string): Decimal | undefined => {
  const [, sign, digits, fraction = ''] = NUMBER.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  return { negative: sign === '-', whole: digits.replaceAll(',', '').replace(/^0+(?=\d)/, ''), fraction };
};

/** Rounded half up to so many digits after the point, in whole smallest units: `1.005` to 2 is 101. */
export const inSmallestUnits = ({ whole, fraction }: Decimal, digits: number): bigint => {
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const up = (fraction[digits] ?? '0') >= '5' ? 1n : 0n;
  return BigInt(whole + kept) + up;
};
