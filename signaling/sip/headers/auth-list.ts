/** Several challenges in one text: drachtio-srf joins header lines of one name by commas, although these have their own. */
import type { AuthValue } from './auth';
import { parseAuth } from './auth';
import { quotedEnd, skipSpace, tokenEnd } from './scan';

const MAX_CHALLENGES = 8;

/**
 * The challenges of a WWW-Authenticate or Proxy-Authenticate. A challenge begins where a token is followed by a space
 * and a parameter; what cannot be read is left out, as a client must be able to skip what it does not know (RFC 7616, 3.7).
 */
export const parseChallenges = (text: string): AuthValue[] => {
  const starts = startsOf(text).slice(0, MAX_CHALLENGES);
  return starts.flatMap((start, index) => {
    const one = text.slice(start, starts[index + 1]).replace(/[\s,]+$/, '');
    const parsed = parseAuth(one);
    return parsed.ok ? [parsed.value] : [];
  });
};

const COMMA = 0x2c;
const QUOTE = 0x22;

/** Where a scheme stands: at the beginning, or behind a comma and before a token that is no parameter's value. */
const startsOf = (text: string): number[] => {
  const starts: number[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const end = tokenEnd(text, at);
    const next = skipSpace(text, end);
    if (end > at && next > end && tokenEnd(text, next) > next) starts.push(at);
    at = afterComma(text, Math.max(end, at + 1));
  }
  return starts;
};

/** The first position behind the next comma outside of quotes. */
const afterComma = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== COMMA) {
    const end = text.charCodeAt(at) === QUOTE ? quotedEnd(text, at) : at + 1;
    if (end <= at) return text.length;
    at = end;
  }
  return skipSpace(text, at + 1);
};
