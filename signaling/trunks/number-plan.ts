/** Numbers on their way in (to E.164) and out (to what the carrier wants). */
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { compilePattern, MAX_NUMBER_CHARS } from './safe-pattern';
import type { NumberFormat, NumberSettings, RewriteRule } from './settings';

const MAX_RULES = 50;
/** Emergency, service and extension numbers are this short and have no international form. */
const LONGEST_SHORT_NUMBER = 5;

export interface NumberPlan {
  /** A number that came in: rewritten, then in E.164 where the settings allow it. */
  inbound(number: string): string;
  /** A number to be sent: in the carrier's format, then rewritten. */
  outbound(number: string): string;
}

/** Errors: `bad_input` naming the rule or setting that is not usable. */
export const createNumberPlan = (settings: NumberSettings = {}): Result<NumberPlan> => {
  const { country, area } = settings;
  if (country !== undefined && !/^[1-9]\d{0,2}$/.test(country)) {
    return fail('bad_input', `numbers.country "${country}" is no calling code like 86 or 49`);
  }
  if (area !== undefined && !/^\d{1,6}$/.test(area)) return fail('bad_input', `numbers.area "${area}" is no area code`);
  const rulesIn = compileRules(settings.rewriteIn ?? []);
  if (!rulesIn.ok) return rulesIn;
  const rulesOut = compileRules(settings.rewriteOut ?? []);
  if (!rulesOut.ok) return rulesOut;
  return ok({
    inbound: (number) => toE164(rewrite(number, rulesIn.value), settings),
    outbound: (number) => rewrite(formatNumber(number, settings), rulesOut.value),
  });
};

interface CompiledRule {
  readonly pattern: RegExp;
  readonly replace: string;
}

const compileRules = (rules: readonly RewriteRule[]): Result<CompiledRule[]> => {
  if (rules.length > MAX_RULES) return fail('bad_input', `there are more than ${MAX_RULES} rewriting rules`);
  const compiled: CompiledRule[] = [];
  for (const { match, replace } of rules) {
    const pattern = compilePattern(match);
    if (!pattern.ok) return pattern;
    compiled.push({ pattern: pattern.value, replace });
  }
  return ok(compiled);
};

/** Only the first rule that matches is applied. */
const rewrite = (number: string, rules: readonly CompiledRule[]): string => {
  if (number.length > MAX_NUMBER_CHARS) return number;
  const rule = rules.find(({ pattern }) => pattern.test(number));
  return rule ? number.replace(rule.pattern, rule.replace).slice(0, MAX_NUMBER_CHARS) : number;
};

/** As it is written for people: spaces, hyphens, dots, slashes, brackets (RFC 3966, visual separators). */
const VISUAL = /[\s().\-/]/g;

/**
 * The number in E.164 with its plus, as far as the settings tell how; names, short numbers and what is no number stay as
 * they are.
 */
export const toE164 = (number: string, settings: NumberSettings): string => {
  const { country, area, internationalPrefix = '00', nationalPrefix = '0' } = settings;
  if (country === undefined) return number;
  const bare = number.replace(VISUAL, '');
  if (!/^\+?\d{3,32}$/.test(bare)) return number;
  if (bare.startsWith('+')) return bare;
  if (bare.length <= LONGEST_SHORT_NUMBER) return number;
  if (internationalPrefix !== '' && bare.startsWith(internationalPrefix)) {
    return `+${bare.slice(internationalPrefix.length)}`;
  }
  if (nationalPrefix === '') return `+${country}${area ?? ''}${bare}`;
  if (bare.startsWith(nationalPrefix)) return `+${country}${bare.slice(nationalPrefix.length)}`;
  return area === undefined ? number : `+${country}${area}${bare}`;
};

const formatNumber = (number: string, settings: NumberSettings): string => {
  const format = settings.out ?? 'as-is';
  if (format === 'as-is') return number;
  const full = toE164(number, settings).replace(VISUAL, '');
  return /^\+\d+$/.test(full) ? FORMATS[format](full.slice(1), settings) : number;
};

const international = (digits: string, { internationalPrefix = '00' }: NumberSettings): string =>
  `${internationalPrefix}${digits}`;

/** Each gets the digits of a number in E.164. */
const FORMATS: Readonly<Record<Exclude<NumberFormat, 'as-is'>, (digits: string, settings: NumberSettings) => string>> =
  {
    e164: (digits) => `+${digits}`,
    digits: (digits) => digits,
    international,
    national: (digits, settings) => {
      const { country, nationalPrefix = '0' } = settings;
      if (country === undefined || !digits.startsWith(country)) return international(digits, settings);
      return `${nationalPrefix}${digits.slice(country.length)}`;
    },
  };
