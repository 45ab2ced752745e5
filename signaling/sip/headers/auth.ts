/**
 * Challenges and credentials: WWW-Authenticate, Proxy-Authenticate, Authorization, Proxy-Authorization,
 * Authentication-Info (RFC 3261, 20.7, 20.27, 20.28, 20.44; RFC 7616, 3.3 to 3.5).
 */
import { fail, ok, type Result } from '../../../base/result';
import { quote, quotedEnd, skipSpace, tokenEnd, unquote } from './scan';

export interface AuthValue {
  /** As written, `Digest` for all that we make. Empty for Authentication-Info, which has none. */
  readonly scheme: string;
  /** By lower-case name, quotes removed. */
  readonly params: ReadonlyMap<string, string>;
}

/** RFC 7616, 3.3 to 3.5: which parameters are written without quotes. */
const UNQUOTED = new Set(['algorithm', 'stale', 'nc', 'userhash']);

/**
 * Reads `scheme name=value *(, name=value)`.
 *
 * Errors: `bad_input` for a missing scheme, a malformed or unclosed value, a parameter given twice. For schemes other
 * than Digest the same form is expected (RFC 3261, 25.1 other-challenge).
 */
export const parseAuth = (text: string): Result<AuthValue> => {
  const end = tokenEnd(text, 0);
  const start = skipSpace(text, end);
  if (end === 0 || start === end) return fail('bad_input', 'the value has no scheme with parameters');
  const params = parseAuthParams(text, start);
  return params.ok ? ok({ scheme: text.slice(0, end), params: params.value }) : params;
};

/** Reads Authentication-Info: the parameters without a scheme. */
export const parseAuthInfo = (text: string): Result<AuthValue> => {
  const params = parseAuthParams(text, skipSpace(text, 0));
  return params.ok ? ok({ scheme: '', params: params.value }) : params;
};

const parseAuthParams = (text: string, start: number): Result<ReadonlyMap<string, string>> => {
  const params = new Map<string, string>();
  for (let at = start; at < text.length;) {
    const nameEnd = tokenEnd(text, at);
    const name = text.slice(at, nameEnd).toLowerCase();
    const equals = skipSpace(text, nameEnd);
    if (name === '' || text.charCodeAt(equals) !== 0x3d) return fail('bad_input', 'a parameter is not name=value');
    const valueStart = skipSpace(text, equals + 1);
    const quoted = text.charCodeAt(valueStart) === 0x22;
    const valueEnd = quoted ? quotedEnd(text, valueStart) : endOfBare(text, valueStart);
    if (valueEnd <= valueStart) return fail('bad_input', `the value of '${name}' is malformed`);
    if (params.has(name)) return fail('bad_input', `the parameter '${name}' is given twice`);
    const raw = text.slice(valueStart, valueEnd);
    params.set(name, quoted ? unquote(raw) : raw);
    const comma = skipSpace(text, valueEnd);
    if (comma >= text.length) break;
    if (text.charCodeAt(comma) !== 0x2c) return fail('bad_input', `no comma follows the parameter '${name}'`);
    at = skipSpace(text, comma + 1);
  }
  return params.size === 0 ? fail('bad_input', 'the value has no parameters') : ok(params);
};

const endOfBare = (text: string, start: number): number => {
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2c || code === 0x20 || code === 0x09 || code === 0x22) break;
  }
  return at;
};

/** The value as text, with quotes where RFC 7616 writes them: `qop` is quoted in challenges, bare in credentials. */
export const formatAuth = (value: AuthValue): string => {
  const isCredentials = value.params.has('response');
  const parts: string[] = [];
  for (const [name, text] of value.params) {
    const bare = UNQUOTED.has(name) || (name === 'qop' && (isCredentials || value.scheme === ''));
    parts.push(`${name}=${bare ? text : quote(text)}`);
  }
  return value.scheme === '' ? parts.join(', ') : `${value.scheme} ${parts.join(', ')}`;
};
