/** RAck and RSeq: reliable provisional responses (RFC 3262, 7). */
import { fail, ok, type Result } from '../../../base/result';
import { type CSeq, formatCSeq, parseCSeq } from './cseq';
import { endOfDigits } from '../uri';
import { parseDigits } from './scan';

export interface RAck {
  readonly rseq: number;
  readonly cseq: CSeq;
}

const LARGEST = 4_294_967_295;

/** Reads a response number, 1 to 2**32 - 1. */
export const parseRSeq = (text: string): Result<number> => {
  const value = parseDigits(text, LARGEST);
  return value === undefined || value === 0
    ? fail('bad_input', 'the response number is not from 1 to 2**32 - 1')
    : ok(value);
};

/** Reads `response-num LWS CSeq-num LWS Method`. */
export const parseRAck = (text: string): Result<RAck> => {
  const end = endOfDigits(text, 0);
  const rseq = parseRSeq(text.slice(0, end));
  if (!rseq.ok) return rseq;
  const cseq = parseCSeq(text.slice(end));
  return cseq.ok ? ok({ rseq: rseq.value, cseq: cseq.value }) : cseq;
};

export const formatRAck = (value: RAck): string => `${value.rseq} ${formatCSeq(value.cseq)}`;
