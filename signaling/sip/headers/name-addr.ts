/** From, To, Contact, Route, Record-Route and kin: a URI with a display name and parameters (RFC 3261, 20.10). */
import { fail, ok, type Result } from '../../../base/result';
import { type SipUri, parseUri } from '../uri';
import { formatParams, NO_PARAMS, type Params, parseParams, withParams } from './params';
import { isTokenCode, quote, quotedEnd, skipSpace, trimSpace, unquote } from './scan';

/** An immutable address; `withParams` and `withTag` make changed copies. */
export class NameAddr {
  constructor(
    readonly uri: SipUri,
    readonly displayName: string | undefined = undefined,
    readonly params: Params = NO_PARAMS,
  ) {}

  /** The dialog tag of a From or To; undefined when there is none. */
  get tag(): string | undefined {
    return this.params.get('tag');
  }

  withTag(tag: string): NameAddr {
    return this.withParams({ tag });
  }

  /** A copy with parameters set (string), made bare (undefined) or removed (null). */
  withParams(changes: Record<string, string | undefined | null>): NameAddr {
    return new NameAddr(this.uri, this.displayName, withParams(this.params, changes));
  }

  toString(): string {
    const name = this.displayName === undefined ? '' : `${formatDisplayName(this.displayName)} `;
    return `${name}<${this.uri.toString()}>${formatParams(this.params)}`;
  }
}

const formatDisplayName = (name: string): string => {
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (!isTokenCode(code) && !(code === 0x20 && at > 0 && at < name.length - 1)) return quote(name);
  }
  return name === '' || name.includes('  ') ? quote(name) : name;
};

/**
 * Reads `[display-name] <URI> *(;param)` or `URI *(;param)`.
 *
 * In the second form everything behind `;` belongs to the header, and a URI with `?` or `,` is refused (RFC 3261, 20:
 * such a URI MUST be enclosed). Deviation: an unquoted display name may hold any characters but `<`, `>` and `"`
 * (RFC 4475, 3.1.2.15 lets an element infer the missing quotes).
 */
export const parseNameAddr = (text: string): Result<NameAddr> => {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) === 0x22) {
    const end = quotedEnd(text, start);
    if (end < 0) return fail('bad_input', 'the display name has no closing quote');
    const open = skipSpace(text, end);
    if (text.charCodeAt(open) !== 0x3c) return fail('bad_input', "no '<' follows the quoted display name");
    return parseBracketed(text, open, unquote(text.slice(start, end)));
  }
  const open = text.indexOf('<', start);
  if (open < 0) return parseBare(text, start);
  const name = trimSpace(text, start, open);
  if (name.includes('"') || name.includes('>')) return fail('bad_input', 'the display name has a stray delimiter');
  return parseBracketed(text, open, name === '' ? undefined : name);
};

const parseBracketed = (text: string, open: number, displayName: string | undefined): Result<NameAddr> => {
  const close = text.indexOf('>', open);
  if (close < 0) return fail('bad_input', "the address has no closing '>'");
  const uri = parseUri(text.slice(open + 1, close));
  if (!uri.ok) return uri;
  const params = parseParams(text, close + 1);
  return params.ok ? ok(new NameAddr(uri.value, displayName, params.value)) : params;
};

const parseBare = (text: string, start: number): Result<NameAddr> => {
  const semicolon = text.indexOf(';', start);
  const end = semicolon < 0 ? text.length : semicolon;
  const uriText = trimSpace(text, start, end);
  if (uriText.includes('?') || uriText.includes(',')) {
    return fail('bad_input', "a URI with '?' or ',' must stand in angle brackets");
  }
  const uri = parseUri(uriText);
  if (!uri.ok) return uri;
  const params = parseParams(text, end);
  return params.ok ? ok(new NameAddr(uri.value, undefined, params.value)) : params;
};
