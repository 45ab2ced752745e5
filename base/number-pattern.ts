/** Patterns of telephone numbers, and which of several matches best. */

/** A number's pattern: literal characters, `X` for any one, and a full stop at the end for everything that follows. */
export const NUMBER_PATTERN = /^\+?[0-9a-z*#X]{0,32}\.?$/;

/** How well a pattern matched, to be compared by {@link isBetter}. */
export interface Match {
  readonly pattern: string;
  /** Characters of the number that the pattern itself stands for. */
  readonly length: number;
  /** Those of them that are not `X`. */
  readonly literal: number;
  readonly exact: boolean;
}

/** Undefined when the pattern does not match the whole number. */
export const matchPattern = (pattern: string, number: string): Match | undefined => {
  const open = pattern.endsWith('.');
  const fixed = open ? pattern.slice(0, -1) : pattern;
  if (open ? number.length < fixed.length : number.length !== fixed.length) return undefined;
  let literal = 0;
  for (let at = 0; at < fixed.length; at += 1) {
    if (fixed[at] === 'X') continue;
    if (fixed[at] !== number[at]) return undefined;
    literal += 1;
  }
  return { pattern, length: fixed.length, literal, exact: !open };
};

/** The match with more literal characters wins; of two alike the longer one, then the one without a full stop. */
export const isBetter = (match: Match, than: Match | undefined): boolean => {
  if (!than) return true;
  if (match.literal !== than.literal) return match.literal > than.literal;
  if (match.length !== than.length) return match.length > than.length;
  return match.exact && !than.exact;
};

/** The best match of several patterns. */
export const bestMatch = (patterns: readonly string[], number: string): Match | undefined => {
  let best: Match | undefined;
  for (const pattern of patterns) {
    const match = matchPattern(pattern, number);
    if (match && isBetter(match, best)) best = match;
  }
  return best;
};
