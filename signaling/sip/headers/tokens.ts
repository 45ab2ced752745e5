/** Headers whose values are bare tokens: Allow, Supported, Require, Proxy-Require, Unsupported and kin. */
import { fail, ok, type Result } from '../../../base/result';
import { isToken } from './scan';

/** Reads one token, such as a method or an option tag (RFC 3261, 19.2). */
export const parseToken = (text: string): Result<string> =>
  isToken(text) ? ok(text) : fail('bad_input', `'${text.slice(0, 40)}' is not a token`);
