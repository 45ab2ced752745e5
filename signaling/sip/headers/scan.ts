/** Character classes and small scanners of the RFC 3261 section 25 grammar. All work on unfolded header text. */

const TOKEN = 1;
const HOST = 2;
const VALUE = 4;

const CLASSES = new Uint8Array(128);
const mark = (characters: string, bit: number): void => {
  for (const character of characters) CLASSES[character.charCodeAt(0)]! |= bit;
};
const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
mark(`${ALPHANUMERIC}-.!%*_+\`'~`, TOKEN);
mark(`${ALPHANUMERIC}-._`, HOST);
// Deviation: unquoted generic-param values are only token / host in RFC 3261; deployed agents also write base64 and URIs.
mark(`${ALPHANUMERIC}-.!%*_+\`'~[]:/=@$&#?|^`, VALUE);

const hasClass = (code: number, bit: number): boolean => code < 128 && (CLASSES[code]! & bit) !== 0;

/** Whether the character code may appear in a `token`. */
export const isTokenCode = (code: number): boolean => hasClass(code, TOKEN);

/** Whether the character code may appear in a host name or IPv4 address. */
export const isHostCode = (code: number): boolean => hasClass(code, HOST);

/** Whether the character code may appear in an unquoted parameter value. */
export const isValueCode = (code: number): boolean => hasClass(code, VALUE);

/** Whether the whole text is one or more token characters. */
export const isToken = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (!isTokenCode(text.charCodeAt(at))) return false;
  return text.length > 0;
};

/** Index of the first character at or after `at` that is neither space nor tab. */
export const skipSpace = (text: string, at: number): number => {
  let code = text.charCodeAt(at);
  while (code === 0x20 || code === 0x09) code = text.charCodeAt(++at);
  return at;
};

/** The text from `from` to `to` without spaces and tabs around it; other kinds of white space are content. */
export const trimSpace = (text: string, from = 0, to = text.length): string => {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09;

/** The text in lower case; itself when it has no capital letter, as nearly all names in messages have none. */
export const lowerCase = (text: string): string => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code >= 0x41 && code <= 0x5a) || code >= 0x80) return text.toLowerCase();
  }
  return text;
};

/** Index just after the token that starts at `at`; equals `at` when there is none. */
export const tokenEnd = (text: string, at: number): number => {
  while (at < text.length && isTokenCode(text.charCodeAt(at))) at += 1;
  return at;
};

/** Index just after the quoted string whose opening quote is at `at`, or -1 when it never closes. */
export const quotedEnd = (text: string, at: number): number => {
  for (let index = at + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index += 1;
    else if (code === 0x22) return index + 1;
  }
  return -1;
};

/** The meaning of a quoted string, given with its quotes. */
export const unquote = (quoted: string): string => {
  const inner = quoted.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner;
};

/** The text as a quoted string. */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** A whole number of 1 to 10 digits, or undefined. Leading zeros are allowed. */
export const parseDigits = (text: string, limit: number): number | undefined => {
  if (text.length === 0 || text.length > 10) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value <= limit ? value : undefined;
};

/** Splits at commas that are outside quotes and angle brackets; an empty element stays, as an empty string. */
export const splitCommas = (text: string): string[] => {
  if (!text.includes(',')) return [text];
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      const end = quotedEnd(text, at);
      if (end < 0) break;
      at = end - 1;
    } else if (code === 0x3c) depth = 1;
    else if (code === 0x3e) depth = 0;
    else if (code === 0x2c && depth === 0) {
      parts.push(trimSpace(text, start, at));
      start = at + 1;
    }
  }
  parts.push(trimSpace(text, start));
  return parts;
};
