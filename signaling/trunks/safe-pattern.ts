/** Regular expressions that people configure, held to a shape that cannot take long on a telephone number. */
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';

const MAX_PATTERN_CHARS = 200;
/** In so many ways a pattern may be tried on one number: a few milliseconds' work, some hundred at the very worst. */
const MAX_WAYS = 100_000;
/** Of `*`, `+` and `{n,}`: together they have no more characters than the number, so that each has fewer than 64 ways. */
const UNBOUNDED_WAYS = 36;
/** Numbers beyond this match nothing. */
export const MAX_NUMBER_CHARS = 64;

/**
 * Compiles a pattern. Errors: `bad_input` for one that is malformed or longer than 200 characters, repeats a group,
 * refers back to one or looks behind, or could be tried on a number in more than 100,000 ways: these could keep the
 * process busy, however short the number is.
 */
export const compilePattern = (text: string): Result<RegExp> => {
  if (text.length > MAX_PATTERN_CHARS)
    return fail('bad_input', `a pattern has more than ${MAX_PATTERN_CHARS} characters`);
  const bare = text.replace(/\\[^1-9k]/g, '_').replace(/\[[^\]]*\]/g, '_');
  const cure = 'write it without';
  if (/\\[1-9k]/.test(text)) return fail('bad_input', `the pattern "${text}" refers back to a group; ${cure}`);
  if (/\(\?<?[=!]/.test(bare)) return fail('bad_input', `the pattern "${text}" looks ahead or behind; ${cure}`);
  if (/\)[*+{]/.test(bare)) return fail('bad_input', `the pattern "${text}" repeats a group; ${cure}`);
  if (waysOf(bare) > MAX_WAYS) {
    return fail('bad_input', `the pattern "${text}" has too many repetitions and alternatives; make it simpler`);
  }
  try {
    return ok(new RegExp(text));
  } catch (error) {
    return fail('bad_input', `the pattern "${text}" is malformed: ${messageOf(error)}`);
  }
};

/** In how many ways a matcher that goes back and tries again may divide a number; rather too many than too few. */
const waysOf = (pattern: string): number => {
  let ways = 1;
  const alternatives = [1];
  for (const [token, from, comma, to] of pattern.matchAll(/\(\?:|\{(\d+)(,?)(\d*)\}|[()|*+?]/g)) {
    if (token.startsWith('(')) alternatives.push(1);
    else if (token === '|') alternatives.push((alternatives.pop() ?? 1) + 1);
    else if (token === ')') ways *= alternatives.pop() ?? 1;
    else if (token === '?') ways *= 2;
    else if (from === undefined || (comma === ',' && to === '')) ways *= UNBOUNDED_WAYS;
    else if (to) ways *= Math.max(1, Number(to) - Number(from) + 1);
  }
  return ways * (alternatives[0] ?? 1);
};
