/** Which extension means what: exact numbers before patterns, the longest pattern before shorter ones. */
import type { ExtensionRule } from '../store/phones';

/** `3xxx` stands for every number of four digits that begins with 3. */
const fits = (pattern: string, number: string): boolean => {
  const fixed = pattern.replace(/x+$/, '');
  if (number.length !== pattern.length || !number.startsWith(fixed)) return false;
  return /^\d*$/.test(number.slice(fixed.length));
};

/** The rule for a number; of several that fit, the one that leaves fewest digits open. */
export const findRule = (rules: Iterable<ExtensionRule>, number: string): ExtensionRule | undefined => {
  let best: ExtensionRule | undefined;
  for (const rule of rules) {
    if (!fits(rule._id, number)) continue;
    if (!best || openDigits(rule) < openDigits(best)) best = rule;
  }
  return best;
};

const openDigits = (rule: ExtensionRule): number => rule._id.length - rule._id.replace(/x+$/, '').length;

/** A number as the other exchange wants it: digits taken off its beginning, others put before the rest. */
export const translate = (number: string, rule: { stripDigits: number; addPrefix: string }): string =>
  rule.addPrefix + number.slice(rule.stripDigits);
