/** SIP, SIPS and tel URIs (RFC 3261, 19.1; RFC 3966). URIs of other schemes are kept whole and can only be compared. */
import { fail, ok, type Result } from '../../base/result';
import { addParam, type GrowingParams, NO_PARAMS, type Params } from './headers/params';
import { isHostCode, isToken, lowerCase, parseDigits } from './headers/scan';

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

export interface SipUriParts {
  /** Lower case. `sip`, `sips`, `tel`, or anything else with {@link SipUriParts.opaque}. */
  readonly scheme: string;
  /** As written, percent escapes included; of a tel URI the number. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** As written; an IPv6 address is in brackets. Empty for tel and other schemes. */
  readonly host?: string;
  readonly port?: number | undefined;
  /** By lower-case name; values as written. */
  readonly params?: Params;
  /** The part behind `?`, by lower-case name; values as written. */
  readonly headers?: ReadonlyMap<string, string>;
  /** Everything behind the colon, for schemes other than sip, sips and tel. */
  readonly opaque?: string | undefined;
}

/** An immutable URI; `with` makes changed copies. */
export class SipUri {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  readonly headers: ReadonlyMap<string, string>;
  readonly opaque: string | undefined;

  constructor(parts: SipUriParts) {
    this.scheme = parts.scheme;
    this.user = parts.user;
    this.password = parts.password;
    this.host = parts.host ?? '';
    this.port = parts.port;
    this.params = parts.params ?? NO_PARAMS;
    this.headers = parts.headers ?? NO_HEADERS;
    this.opaque = parts.opaque;
  }

  /** Whether the scheme is sip or sips. */
  get isSip(): boolean {
    return this.scheme === 'sip' || this.scheme === 'sips';
  }

  /** The user with percent escapes resolved; as written when they are not valid UTF-8. */
  get userDecoded(): string | undefined {
    return this.user === undefined ? undefined : decodeEscapes(this.user);
  }

  with(changes: Partial<SipUriParts>): SipUri {
    return new SipUri({ ...this, ...changes });
  }

  toString(): string {
    if (this.opaque !== undefined) return `${this.scheme}:${this.opaque}`;
    let text = `${this.scheme}:`;
    if (this.user !== undefined) {
      text += this.user;
      if (this.password !== undefined) text += `:${this.password}`;
      if (this.isSip) text += '@';
    }
    text += this.host;
    if (this.port !== undefined) text += `:${this.port}`;
    for (const [name, value] of this.params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
    let separator = '?';
    for (const [name, value] of this.headers) {
      text += `${separator}${name}=${value}`;
      separator = '&';
    }
    return text;
  }
}

/**
 * Reads a URI.
 *
 * Deviation: users may hold any visible character but those that delimit (deployed agents write `#` and others
 * unescaped). Errors: `bad_input` for a missing scheme or host, white space, broken percent escapes, a port above 65535.
 */
export const parseUri = (text: string): Result<SipUri> => {
  const colon = text.indexOf(':');
  if (colon <= 0) return fail('bad_input', 'the URI has no scheme');
  const illegal = illegalAt(text);
  if (illegal >= 0) return fail('bad_input', `the URI has an illegal character at position ${illegal}`);
  const scheme = text.startsWith('sip:') ? 'sip' : lowerCase(text.slice(0, colon));
  if (scheme === 'sip' || scheme === 'sips') return parseSip(text, scheme, colon + 1);
  if (scheme === 'tel') return parseTel(text, colon + 1);
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) return fail('bad_input', 'the URI has a malformed scheme');
  if (colon + 1 >= text.length) return fail('bad_input', 'the URI has nothing behind its scheme');
  return ok(new SipUri({ scheme, opaque: text.slice(colon + 1) }));
};

/** White space, controls, quotes, angle brackets and broken escapes are illegal anywhere in a URI. */
const illegalAt = (text: string): number => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f || code === 0x22 || code === 0x3c || code === 0x3e || code === 0x5c) return at;
    if (code === 0x25 && !(isHex(text.charCodeAt(at + 1)) && isHex(text.charCodeAt(at + 2)))) return at;
  }
  return -1;
};

const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** The parts in front of parameters and headers. All have the same shape: URIs are the most frequent object of a call. */
interface Front {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
}

const parseSip = (text: string, scheme: string, start: number): Result<SipUri> => {
  const at = text.indexOf('@', start);
  let user: string | undefined;
  let password: string | undefined;
  let hostStart = start;
  if (at >= 0) {
    const colon = text.indexOf(':', start);
    const userEnd = colon >= 0 && colon < at ? colon : at;
    if (userEnd === start) return fail('bad_input', 'the URI has an empty user');
    user = text.slice(start, userEnd);
    if (userEnd < at) password = text.slice(userEnd + 1, at);
    hostStart = at + 1;
  }
  const hostEnd = endOfHost(text, hostStart);
  if (hostEnd <= hostStart) return fail('bad_input', 'the URI has no valid host');
  let next = hostEnd;
  let port: number | undefined;
  if (text.charCodeAt(next) === 0x3a) {
    const portEnd = endOfDigits(text, next + 1);
    port = parseDigits(text.slice(next + 1, portEnd), 65535);
    if (port === undefined) return fail('bad_input', 'the URI has a malformed port');
    next = portEnd;
  }
  return withTail(text, next, { scheme, user, password, host: text.slice(hostStart, hostEnd), port });
};

const withTail = (text: string, from: number, front: Front): Result<SipUri> => {
  const question = from < text.length ? text.indexOf('?', from) : -1;
  const paramsEnd = question < 0 ? text.length : question;
  let params: Params | undefined = NO_PARAMS;
  if (from < paramsEnd) {
    if (text.charCodeAt(from) !== 0x3b) return fail('bad_input', `the URI has '${text[from]}' behind its host`);
    params = parseUriParams(text, from, paramsEnd);
    if (!params) return fail('bad_input', 'the URI has a malformed parameter');
  }
  const headers = question < 0 ? NO_HEADERS : parseUriHeaders(text.slice(question + 1));
  if (!headers) return fail('bad_input', 'the URI has a malformed header');
  const { scheme, user, password, host, port } = front;
  return ok(new SipUri({ scheme, user, password, host, port, params, headers, opaque: undefined }));
};

const parseTel = (text: string, start: number): Result<SipUri> => {
  const semicolon = text.indexOf(';', start);
  const end = semicolon < 0 ? text.length : semicolon;
  const user = text.slice(start, end);
  if (!/^(\+[0-9().-]*[0-9][0-9().-]*|[0-9a-fA-F*#().-]*[0-9a-fA-F*#][0-9a-fA-F*#().-]*)$/.test(user)) {
    return fail('bad_input', 'the tel URI has a malformed number');
  }
  return withTail(text, end, { scheme: 'tel', user, password: undefined, host: '', port: undefined });
};

/** The end of a host name, IPv4 address or bracketed IPv6 address that starts at `start`. */
export const endOfHost = (text: string, start: number): number => {
  if (text.charCodeAt(start) === 0x5b) {
    const close = text.indexOf(']', start);
    return close > 0 && /^[0-9a-fA-F:.]+(%[0-9a-zA-Z]+)?$/.test(text.slice(start + 1, close)) ? close + 1 : start;
  }
  let at = start;
  while (at < text.length && isHostCode(text.charCodeAt(at))) at += 1;
  return at;
};

/** The end of the run of digits that starts at `start`. */
export const endOfDigits = (text: string, start: number): number => {
  let at = start;
  while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at += 1;
  return at;
};

/** What most URIs end in is read once for all of them: it saves a map for each URI of each message and dialog. */
const USUAL_PARAMS: ReadonlyMap<string, Params> = new Map<string, Params>([
  [';lr', new Map([['lr', undefined]])],
  [';user=phone', new Map([['user', 'phone']])],
  ...['udp', 'tcp', 'tls', 'ws', 'wss', 'UDP', 'TCP', 'TLS', 'WS', 'WSS'].map((transport): [string, Params] => [
    `;transport=${transport}`,
    new Map([['transport', transport]]),
  ]),
]);
const LONGEST_USUAL = Math.max(...[...USUAL_PARAMS.keys()].map((text) => text.length));

/** Reads the parameters between `from`, where a semicolon is, and `end`; undefined for an empty or repeated name. */
const parseUriParams = (text: string, from: number, end: number): Params | undefined => {
  if (end - from <= LONGEST_USUAL) {
    const usual = USUAL_PARAMS.get(text.slice(from, end));
    if (usual) return usual;
  }
  let params: GrowingParams;
  for (let at = from; at < end;) {
    const semicolon = text.indexOf(';', at + 1);
    const stop = semicolon < 0 || semicolon > end ? end : semicolon;
    const part = text.slice(at + 1, stop);
    const equals = part.indexOf('=');
    const name = lowerCase(equals < 0 ? part : part.slice(0, equals));
    if (name === '' || params?.has(name) === true) return undefined;
    params = addParam(params, name, equals < 0 ? undefined : part.slice(equals + 1));
    at = stop;
  }
  return params;
};

const parseUriHeaders = (text: string): ReadonlyMap<string, string> | undefined => {
  const headers = new Map<string, string>();
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    if (equals <= 0) return undefined;
    headers.set(part.slice(0, equals).toLowerCase(), part.slice(equals + 1));
  }
  return headers;
};

const decodeEscapes = (text: string): string => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Parameters that never match when only one of the two URIs has them (RFC 3261, 19.1.4). */
const NEVER_IGNORED = ['user', 'ttl', 'method', 'maddr', 'transport'];

/**
 * Whether two URIs are equivalent under RFC 3261 section 19.1.4: user and password by case, the rest without; a
 * default port does not equal an omitted one. tel numbers are compared without visual separators (RFC 3966, 4).
 */
export const sameUri = (a: SipUri, b: SipUri): boolean => {
  if (a.scheme !== b.scheme) return false;
  if (a.opaque !== undefined || b.opaque !== undefined) return a.opaque === b.opaque;
  if (a.scheme === 'tel') return digitsOf(a.user) === digitsOf(b.user) && sameParams(a.params, b.params);
  return (
    a.userDecoded === b.userDecoded &&
    a.password === b.password &&
    a.port === b.port &&
    a.host.toLowerCase() === b.host.toLowerCase() &&
    sameParams(a.params, b.params) &&
    sameHeaders(a.headers, b.headers)
  );
};

const digitsOf = (number: string | undefined): string => (number ?? '').replace(/[().-]/g, '').toLowerCase();

const sameParams = (a: Params, b: Params): boolean => {
  for (const [name, value] of a) {
    if (!b.has(name)) continue;
    if (decodeEscapes(value ?? '').toLowerCase() !== decodeEscapes(b.get(name) ?? '').toLowerCase()) return false;
  }
  return NEVER_IGNORED.every((name) => a.has(name) === b.has(name));
};

const sameHeaders = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean => {
  if (a.size !== b.size) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined || decodeEscapes(other) !== decodeEscapes(value)) return false;
  }
  return true;
};

/** Percent-escapes whatever may not stand in the user part (RFC 3261, 25.1 user). */
export const escapeUser = (text: string): string =>
  isToken(text) && !text.includes('%')
    ? text
    : encodeURIComponent(text).replace(/%(26|3D|2B|24|2C|3B|3F|2F)/g, (escape) => decodeURIComponent(escape));
