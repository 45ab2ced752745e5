/** Regular expressions that people configure, held to a shape that cannot take long on a telephone number. */
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';

const MAX_PATTERN_CHARS = 200;
/** Each may walk over the whole number for every step of the one before it. */
const MAX_UNBOUNDED = 3;
/** Numbers beyond this match nothing. */
export const MAX_NUMBER_CHARS = 64;

/**
 * Compiles a pattern. Errors: `bad_input` for one that is malformed or longer than 200 characters, repeats a group,
 * refers back to one or looks behind, or has more than three of `*`, `+` and `{n,}`: together with the bound on the
 * number these could keep the process busy.
 */
export const compilePattern = (text: string): Result<RegExp> => {
  if (text.length > MAX_PATTERN_CHARS)
    return fail('bad_input', `a pattern has more than ${MAX_PATTERN_CHARS} characters`);
  const bare = text.replace(/\\[^1-9k]/g, '_').replace(/\[[^\]]*\]/g, '_');
  const cure = 'write it without';
  if (/\\[1-9k]/.test(text)) return fail('bad_input', `the pattern "${text}" refers back to a group; ${cure}`);
  if (/\(\?<?[=!]/.test(bare)) return fail('bad_input', `the pattern "${text}" looks ahead or behind; ${cure}`);
  if (/\)[*+{]/.test(bare)) return fail('bad_input', `the pattern "${text}" repeats a group; ${cure}`);
  const unbounded = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  if (unbounded > MAX_UNBOUNDED) {
    return fail('bad_input', `the pattern "${text}" has more than ${MAX_UNBOUNDED} unbounded repetitions`);
  }
  try {
    return ok(new RegExp(text));
  } catch (error) {
    return fail('bad_input', `the pattern "${text}" is malformed: ${messageOf(error)}`);
  }
};
