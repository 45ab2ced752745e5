/** Numbers as people write them, and which can be dialled. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';

/** Digits, with a plus before them if international. */
const DIALLABLE = /^\+?[0-9*#]{2,32}$/;

export const isDiallable = (number: string): boolean => DIALLABLE.test(number);

/** People paste numbers with blanks, hyphens and brackets. Fails with `bad_input` for what is no number. */
export const numberFromTyped = (typed: string): Result<string> => {
  const number = typed.replace(/[\s().\-/]/g, '');
  return isDiallable(number) ? ok(number) : fail('bad_input', `${typed} is not a number that can be dialled.`);
};
