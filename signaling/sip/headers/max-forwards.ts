/** Max-Forwards (RFC 3261, 20.22). */
import { fail, ok, type Result } from '../../../base/result';
import { parseDigits } from './scan';

/** Reads a number from 0 to 255; leading zeros are legal. */
export const parseMaxForwards = (text: string): Result<number> => {
  const value = parseDigits(text, 255);
  return value === undefined ? fail('bad_input', 'the value is not a number from 0 to 255') : ok(value);
};
