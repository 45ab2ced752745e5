/** Content-Length (RFC 3261, 20.14). */
import { fail, ok, type Result } from '../../../base/result';
import { parseDigits } from './scan';

/** Reads a whole number of bytes; a sign, as in RFC 4475 `ncl`, is refused. */
export const parseContentLength = (text: string): Result<number> => {
  const value = parseDigits(text, 4_294_967_295);
  return value === undefined ? fail('bad_input', 'the value is not a number of bytes') : ok(value);
};
