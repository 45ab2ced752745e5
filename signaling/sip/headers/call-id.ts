/** Call-ID (RFC 3261, 20.8): compared byte by byte. */
import { fail, ok, type Result } from '../../../base/result';

/**
 * Reads a Call-ID.
 *
 * Deviation: any visible characters pass; deployed agents use some that the `word` grammar leaves out.
 */
export const parseCallId = (text: string): Result<string> =>
  /^[^\s\0-\x1f\x7f]+$/.test(text) ? ok(text) : fail('bad_input', 'the value is empty or has white space in it');
