/** English as spoken in America: no "and" within numbers, the month before the day. */
import type { Decimal, Piece } from './piece';
import { inSmallestUnits } from './piece';
import type { CalendarDay, Language, Span, TimeOfDay } from './language';

const UNDER_TWENTY = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ORDINALS = [
  ...['zeroth', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
  ...['eleventh', 'twelfth', 'thirteenth', 'fourteenth', 'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth'],
  'nineteenth',
];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
];
const GROUPS = ['', 'thousand', 'million', 'billion', 'trillion'];

const word = (text: string): Piece => ({ name: text.toLowerCase().replace(/[^a-z]+/g, ''), text });
const count = (value: number, text: string): Piece => ({ name: `n-${value}`, text });

const underHundred = (value: number): Piece[] => {
  if (value < 20) return [count(value, UNDER_TWENTY[value] ?? '')];
  const ten = Math.floor(value / 10);
  return [count(ten * 10, TENS[ten] ?? ''), ...(value % 10 === 0 ? [] : underHundred(value % 10))];
};

const underThousand = (value: number): Piece[] => {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  return [
    ...(hundreds > 0 ? [...underHundred(hundreds), word('hundred')] : []),
    ...(rest > 0 ? underHundred(rest) : []),
  ];
};

const readWhole = (value: bigint): Piece[] => {
  if (value === 0n) return underHundred(0);
  const said: Piece[] = [];
  for (let group = GROUPS.length - 1; group >= 0; group -= 1) {
    const part = Number((value / 1000n ** BigInt(group)) % 1000n);
    if (part > 0) said.push(...underThousand(part), ...(group > 0 ? [word(GROUPS[group] ?? '')] : []));
  }
  return said;
};

const readDigits = (digits: string): Piece[] => [...digits].flatMap((one) => underHundred(Number(one)));

const readNumber = ({ negative, whole, fraction }: Decimal): Piece[] => [
  ...(negative ? [word('minus')] : []),
  ...readWhole(BigInt(whole)),
  ...(fraction === '' ? [] : [word('point'), ...readDigits(fraction)]),
];

const SIGNS: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash', '+': 'plus' };

const readSpelled = (text: string): Piece[] =>
  [...text].flatMap((one) => (SIGNS[one] === undefined ? underHundred(Number(one)) : [word(SIGNS[one])]));

interface Currency {
  readonly one: string;
  readonly many: string;
  /** One and several of the small unit; a currency without reads its small units as a fraction, or has none. */
  readonly small?: readonly [string, string];
  readonly digits: number;
}

const CENTS = ['cent', 'cents'] as const;
const CURRENCIES: Readonly<Record<string, Currency>> = {
  CNY: { one: 'yuan', many: 'yuan', digits: 2 },
  HKD: { one: 'Hong Kong dollar', many: 'Hong Kong dollars', small: CENTS, digits: 2 },
  USD: { one: 'dollar', many: 'dollars', small: CENTS, digits: 2 },
  EUR: { one: 'euro', many: 'euros', small: CENTS, digits: 2 },
  GBP: { one: 'pound', many: 'pounds', small: ['penny', 'pence'], digits: 2 },
  JPY: { one: 'yen', many: 'yen', digits: 0 },
};

const readAmount = (amount: Decimal, currency: string): Piece[] | undefined => {
  const money = CURRENCIES[currency];
  if (!money) return undefined;
  const total = inSmallestUnits(amount, money.digits);
  const scale = 10n ** BigInt(money.digits);
  const [whole, rest] = [total / scale, total % scale];
  const sign = amount.negative && total > 0n ? [word('minus')] : [];
  if (!money.small && rest > 0n) {
    const fraction = String(rest).padStart(money.digits, '0').replace(/0+$/, '');
    return [...sign, ...readNumber({ negative: false, whole: String(whole), fraction }), word(money.many)];
  }
  const large = whole > 0n || rest === 0n ? [...readWhole(whole), word(whole === 1n ? money.one : money.many)] : [];
  const small = money.small && rest > 0n ? [...readWhole(rest), word(money.small[rest === 1n ? 0 : 1])] : [];
  return [...sign, ...large, ...(large.length > 0 && small.length > 0 ? [word('and')] : []), ...small];
};

/** Two hundred is two hundredth, five thousand five thousandth. */
const ordinalAtEnd = ({ name, text }: Piece, index: number, all: readonly Piece[]): Piece =>
  index === all.length - 1 ? { name: `o-${name}`, text: `${text}th` } : { name, text };

const readOrdinal = (value: number): Piece[] => {
  const rest = value % 100;
  const before = value - rest;
  if (rest === 0) return readWhole(BigInt(value)).map(ordinalAtEnd);
  const last = rest < 20 ? rest : rest % 10;
  const said = before > 0 ? readWhole(BigInt(before)) : [];
  if (last === 0) return [...said, { name: `o-${rest}`, text: (TENS[rest / 10] ?? '').replace(/y$/, 'ieth') }];
  const tens = rest < 20 ? [] : underHundred(rest - last);
  return [...said, ...tens, { name: `o-${last}`, text: ORDINALS[last] ?? '' }];
};

/** 2026 is twenty twenty six, 2005 two thousand five, 1905 nineteen oh five, 1900 nineteen hundred. */
const readYear = (year: number): Piece[] => {
  const [century, rest] = [Math.floor(year / 100), year % 100];
  if (year < 1000 || (century % 10 === 0 && rest < 10)) return readWhole(BigInt(year));
  if (rest === 0) return [...underHundred(century), word('hundred')];
  return [...underHundred(century), ...(rest < 10 ? [word('oh')] : []), ...underHundred(rest)];
};

const readDate = ({ year, month, day }: CalendarDay): Piece[] => [
  word(MONTHS[month - 1] ?? ''),
  ...readOrdinal(day),
  ...readYear(year),
];

const readTime = ({ hour, minute, second }: TimeOfDay): Piece[] => {
  const oh = minute > 0 && minute < 10 ? [word('oh')] : [];
  const seconds =
    second === undefined ? [] : [word('and'), ...underHundred(second), word(second === 1 ? 'second' : 'seconds')];
  return [
    ...underHundred(hour % 12 === 0 ? 12 : hour % 12),
    ...(minute === 0 ? [] : [...oh, ...underHundred(minute)]),
    ...seconds,
    { name: hour < 12 ? 'am' : 'pm', text: hour < 12 ? 'a.m.' : 'p.m.' },
  ];
};

const readDuration = ({ hours, minutes, seconds }: Span): Piece[] => {
  const part = (value: number, unit: string): Piece[] =>
    value === 0 ? [] : [...readWhole(BigInt(value)), word(value === 1 ? unit : `${unit}s`)];
  const said = [...part(hours, 'hour'), ...part(minutes, 'minute'), ...part(seconds, 'second')];
  return said.length > 0 ? said : [...underHundred(0), word('seconds')];
};

export const ENGLISH: Language = {
  separator: ' ',
  number: readNumber,
  spelled: readSpelled,
  amount: readAmount,
  percent: (value) => [...readNumber(value), word('percent')],
  ordinal: readOrdinal,
  date: readDate,
  time: readTime,
  duration: readDuration,
};
