/**
 * Mandarin: 万 and 亿, one 零 for any gap, 两 where 二 is not said, 幺 for 1 in numbers that are spelled, and 元角分.
 */
import type { Decimal, Piece } from './piece';
import { inSmallestUnits } from './piece';
import type { Language, Span, TimeOfDay } from './language';

const DIGITS = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const word = (name: string, text: string): Piece => ({ name, text });
const digit = (value: number): Piece => word(`n-${value}`, DIGITS[value] ?? '');
const LIANG = word('liang', '两');
const ZERO = digit(0);

const TEN = word('n-10', '十');
const HUNDRED = word('hundred', '百');
const THOUSAND = word('thousand', '千');
/** Of each group of four digits, from the last one. */
const GROUPS = [undefined, word('ten-thousand', '万'), word('hundred-million', '亿'), word('trillion', '万亿')];

/** Four digits. @param first whether nothing was said before: then 2000 is 两千, and 十 needs no 一 before it. */
const readGroup = (value: number, first: boolean): Piece[] => {
  const places = [Math.floor(value / 1000), Math.floor(value / 100) % 10, Math.floor(value / 10) % 10, value % 10];
  const units = [THOUSAND, HUNDRED, TEN, undefined];
  const said: Piece[] = [];
  let gap = !first && value < 1000;
  places.forEach((place, index) => {
    if (place === 0) {
      gap ||= said.length > 0;
      return;
    }
    if (gap) said.push(ZERO);
    gap = false;
    const unit = units[index];
    const beginning = first && said.length === 0;
    if (!(beginning && unit === TEN && place === 1))
      said.push(beginning && unit === THOUSAND && place === 2 ? LIANG : digit(place));
    if (unit) said.push(unit);
  });
  return said;
};

/** A whole number from 0. @param counted before a measure word 2 is 两, not 二. */
const readWhole = (value: bigint, counted = false): Piece[] => {
  if (value === 0n) return [ZERO];
  if (value === 2n && counted) return [LIANG];
  const said: Piece[] = [];
  for (let group = GROUPS.length - 1; group >= 0; group -= 1) {
    const part = Number((value / 10_000n ** BigInt(group)) % 10_000n);
    if (part === 0) {
      if (said.length > 0 && said.at(-1) !== ZERO && value % 10_000n ** BigInt(group) !== 0n) said.push(ZERO);
      continue;
    }
    const unit = GROUPS[group];
    const before = said.at(-1) === ZERO;
    const words = unit && part === 2 && said.length === 0 ? [LIANG] : readGroup(part, said.length === 0);
    // One 零 is enough, whether a whole group or its first digits are missing.
    said.push(...(before && words[0] === ZERO ? words.slice(1) : words));
    if (unit) said.push(unit);
  }
  return said;
};

const readDigits = (digits: string): Piece[] => [...digits].map((one) => digit(Number(one)));

const readNumber = ({ negative, whole, fraction }: Decimal): Piece[] => [
  ...(negative ? [word('minus', '负')] : []),
  ...readWhole(BigInt(whole)),
  ...(fraction === '' ? [] : [word('point', '点'), ...readDigits(fraction)]),
];

const SPELLED: Readonly<Record<string, Piece>> = {
  '1': word('yao', '幺'),
  '*': word('star', '星号'),
  '#': word('hash', '井号'),
  '+': word('plus', '加'),
};

const readSpelled = (text: string): Piece[] => [...text].map((one) => SPELLED[one] ?? digit(Number(one)));

/** The large unit, and the small one or, of yuan, the two small ones. */
const CURRENCIES: Readonly<Record<string, { readonly unit: Piece; readonly cents?: Piece; readonly jiao?: true }>> = {
  CNY: { unit: word('yuan', '元'), jiao: true },
  HKD: { unit: word('hkd', '港元'), jiao: true },
  USD: { unit: word('usd', '美元'), cents: word('us-cent', '美分') },
  EUR: { unit: word('eur', '欧元'), cents: word('euro-cent', '欧分') },
  GBP: { unit: word('gbp', '英镑'), cents: word('penny', '便士') },
  JPY: { unit: word('jpy', '日元') },
};

const readAmount = (amount: Decimal, currency: string): Piece[] | undefined => {
  const money = CURRENCIES[currency];
  if (!money) return undefined;
  const { unit, cents, jiao } = money;
  const total = inSmallestUnits(amount, cents || jiao ? 2 : 0);
  const whole = cents || jiao ? total / 100n : total;
  const small = cents || jiao ? Number(total % 100n) : 0;
  const sign = amount.negative && total > 0n ? [word('minus', '负')] : [];
  const large = whole > 0n || small === 0 ? [...readWhole(whole, true), unit] : [];
  if (small === 0) return [...sign, ...large];
  if (cents) return [...sign, ...large, ...readWhole(BigInt(small), true), cents];
  return [...sign, ...large, ...readJiaoAndFen(small, large.length > 0)];
};

/** 五角六分; after 元 a missing 角 is 零: 一百元零五分. */
const readJiaoAndFen = (small: number, afterYuan: boolean): Piece[] => {
  const [jiao, fen] = [Math.floor(small / 10), small % 10];
  return [
    ...(jiao > 0 ? [...readWhole(BigInt(jiao), true), word('jiao', '角')] : afterYuan ? [ZERO] : []),
    ...(fen > 0 ? [...readWhole(BigInt(fen), jiao === 0 && !afterYuan), word('fen', '分')] : []),
  ];
};

const partOfDay = (hour: number): Piece => {
  if (hour < 6) return word('before-dawn', '凌晨');
  if (hour < 12) return word('morning', '上午');
  if (hour === 12) return word('noon', '中午');
  return hour < 18 ? word('afternoon', '下午') : word('evening', '晚上');
};

const readTime = ({ hour, minute, second }: TimeOfDay): Piece[] => {
  const hours = hour > 12 ? hour - 12 : hour;
  const underTen = minute < 10 && minute > 0 ? [ZERO] : [];
  return [
    partOfDay(hour),
    ...readWhole(BigInt(hours), true),
    word('oclock', '点'),
    ...(minute === 0 && second === undefined ? [] : [...underTen, ...readWhole(BigInt(minute)), word('minute', '分')]),
    ...(second === undefined ? [] : [...readWhole(BigInt(second)), word('second', '秒')]),
  ];
};

const readDuration = ({ hours, minutes, seconds }: Span): Piece[] => {
  const part = (count: number, unit: Piece): Piece[] => (count === 0 ? [] : [...readWhole(BigInt(count), true), unit]);
  const said = [
    ...part(hours, word('hours', '小时')),
    ...part(minutes, word('minutes', '分钟')),
    ...part(seconds, word('seconds', '秒')),
  ];
  return said.length > 0 ? said : [ZERO, word('seconds', '秒')];
};

export const CHINESE: Language = {
  separator: '',
  number: readNumber,
  spelled: readSpelled,
  amount: readAmount,
  percent: (value) => [word('percent', '百分之'), ...readNumber(value)],
  ordinal: (value) => [word('ordinal', '第'), ...readWhole(BigInt(value))],
  date: ({ year, month, day }) => [
    ...readDigits(String(year)),
    word('year', '年'),
    ...readWhole(BigInt(month)),
    word('month', '月'),
    ...readWhole(BigInt(day)),
    word('day', '日'),
  ],
  time: readTime,
  duration: readDuration,
};
