/** Telephone numbers: cleaned of what comes along when pasted, and grouped for reading. */

/** How the national part is grouped, by country code; the last group takes what is left. */
const GROUPS: readonly { prefix: RegExp; code: string; groups: readonly number[] }[] = [
  { code: '1', prefix: /^1\d{10}$/, groups: [3, 3, 4] },
  { code: '86', prefix: /^861[3-9]\d{9}$/, groups: [3, 4, 4] },
  { code: '86', prefix: /^86(10|2\d)\d{8}$/, groups: [2, 4, 4] },
  { code: '86', prefix: /^86\d{10,11}$/, groups: [3, 4, 4] },
  { code: '852', prefix: /^852\d{8}$/, groups: [4, 4] },
  { code: '44', prefix: /^4420\d{8}$/, groups: [2, 4, 4] },
  { code: '44', prefix: /^44\d{10}$/, groups: [4, 3, 3] },
  { code: '49', prefix: /^49(30|40|69|89)\d{6,8}$/, groups: [2, 4, 4] },
  { code: '49', prefix: /^49\d{9,11}$/, groups: [3, 4, 4] },
  { code: '33', prefix: /^33\d{9}$/, groups: [1, 2, 2, 2, 2] },
  { code: '81', prefix: /^81\d{9}$/, groups: [1, 4, 4] },
  { code: '81', prefix: /^81\d{10}$/, groups: [2, 4, 4] },
];

const DIALLABLE = /^\+?[0-9*#]{1,32}$/;
const EXTENSION_DIGITS = 6;

const take = (digits: string, groups: readonly number[]): string[] => {
  const parts: string[] = [];
  let at = 0;
  groups.forEach((size, index) => {
    const end = index === groups.length - 1 ? digits.length : at + size;
    if (at < digits.length) parts.push(digits.slice(at, end));
    at = end;
  });
  return parts;
};

/** Groups of three from the front, with a last group of up to four: `5551234567` → `555 123 4567`. */
const inThrees = (digits: string): string => digits.replace(/(\d{3})(?=\d{3})/g, '$1 ');

/** A number grouped for reading; what is not a number (a SIP name) stays as it is. */
export const formatNumber = (number: string): string => {
  if (!/^\+?\d+$/.test(number)) return number;
  if (number.startsWith('+')) {
    const digits = number.slice(1);
    const plan = GROUPS.find(({ prefix }) => prefix.test(digits));
    if (!plan) return `+${inThrees(digits)}`;
    return `+${plan.code} ${take(digits.slice(plan.code.length), plan.groups).join(' ')}`;
  }
  if (number.length <= EXTENSION_DIGITS) return number;
  if (/^1[3-9]\d{9}$/.test(number)) return take(number, [3, 4, 4]).join(' ');
  // Chinese and British numbers as written at home: area code first.
  if (/^0(10|2\d)\d{8}$/.test(number)) return take(number, [3, 4, 4]).join(' ');
  return inThrees(number);
};

/**
 * A number as it is dialled, from what was typed or pasted: full-width digits, spaces, brackets, dashes, dots, `tel:`
 * and `sip:` addresses and the `(0)` of written European numbers. Undefined when no number remains.
 */
export const cleanNumber = (text: string): string | undefined => {
  const number = text
    .normalize('NFKC')
    // Invisible direction marks and soft hyphens travel along with numbers copied from web pages.
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim()
    .replace(/^(tel|sips?|callto):/i, '')
    .replace(/[;?@].*$/, '')
    .replace(/^(\+\d+)\s*\(0\)/, '$1')
    .replace(/[\s().\-/\u2010-\u2015\u2212]/g, '');
  return DIALLABLE.test(number) && /\d/.test(number) ? number : undefined;
};
