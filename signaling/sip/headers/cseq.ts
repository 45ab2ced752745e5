/** CSeq: the request's sequence number and method (RFC 3261, 20.16). */
import { fail, ok, type Result } from '../../../base/result';
import { parseDigits, skipSpace, tokenEnd } from './scan';

export interface CSeq {
  /** Below 2**31 (RFC 3261, 8.1.1.5). */
  readonly number: number;
  readonly method: string;
}

const LARGEST = 2_147_483_647;

/** Reads `1*DIGIT LWS Method`. */
export const parseCSeq = (text: string): Result<CSeq> => {
  const start = skipSpace(text, 0);
  let end = start;
  while (text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end += 1;
  // Leading zeros are legal and do not count towards the size (RFC 4475, 3.1.1.1).
  let first = start;
  while (first < end - 1 && text.charCodeAt(first) === 0x30) first += 1;
  const number = parseDigits(text.slice(first, end), LARGEST);
  if (number === undefined) return fail('bad_input', 'the sequence number is not a number below 2**31');
  const methodStart = skipSpace(text, end);
  const methodEnd = tokenEnd(text, methodStart);
  if (methodStart === end || methodEnd === methodStart || skipSpace(text, methodEnd) < text.length) {
    return fail('bad_input', 'no method follows the sequence number');
  }
  return ok({ number, method: text.slice(methodStart, methodEnd) });
};

export const formatCSeq = (cseq: CSeq): string => `${cseq.number} ${cseq.method}`;
