/** User-to-User: call data that travels with a call across switches (RFC 7433). */
import { parseParams } from './params';
import { quotedEnd, skipSpace, splitCommas, trimSpace, unquote } from './scan';

/** What others may send us in one header is bounded; RFC 7433, section 4 lets several packages put one each. */
const MAX_DATA_LENGTH = 1_024;
const MAX_ENTRIES = 8;

/** One piece of call data. */
export interface UserToUser {
  /** As it stands in the header; hexadecimal digits when the encoding is `hex`. */
  readonly data: string;
  /** RFC 7433, section 4: hex is what a missing parameter means for the ISDN package. */
  readonly encoding: string;
  /** The package; `isdn-uui` when the header names none (RFC 7434, section 4). */
  readonly purpose: string;
  readonly content: string | undefined;
}

const DEFAULT_PURPOSE = 'isdn-uui';
const TOKEN = /^[\w.!%*+`'~-]+$/;
const HEX = /^(?:[0-9a-fA-F]{2})+$/;

/** All that a header (or several of them, joined by commas) carries; what cannot be read is left out. */
export const parseUserToUser = (header: string | undefined): UserToUser[] => {
  if (header === undefined) return [];
  const entries: UserToUser[] = [];
  for (const part of splitCommas(header)) {
    const entry = parseEntry(part);
    if (entry) entries.push(entry);
    if (entries.length === MAX_ENTRIES) break;
  }
  return entries;
};

const parseEntry = (text: string): UserToUser | undefined => {
  const start = skipSpace(text, 0);
  const quoted = text[start] === '"';
  const end = quoted ? quotedEnd(text, start) : nextSemicolon(text, start);
  if (end < 0) return undefined;
  const raw = text.slice(start, end);
  const data = quoted ? unquote(raw) : trimSpace(raw);
  const params = parseParams(text, end);
  if (!params.ok || data === '' || data.length > MAX_DATA_LENGTH || (!quoted && !TOKEN.test(data))) return undefined;
  const encoding = params.value.get('encoding')?.toLowerCase() ?? 'hex';
  if (encoding === 'hex' && !HEX.test(data)) return undefined;
  const purpose = params.value.get('purpose')?.toLowerCase() ?? DEFAULT_PURPOSE;
  return { data, encoding, purpose, content: params.value.get('content')?.toLowerCase() };
};

const nextSemicolon = (text: string, from: number): number => {
  const at = text.indexOf(';', from);
  return at < 0 ? text.length : at;
};

/** Hexadecimal call data in one header, or undefined when it would be too long. */
export const formatUserToUser = (entry: Omit<UserToUser, 'encoding'>): string | undefined => {
  if (!HEX.test(entry.data) || entry.data.length > MAX_DATA_LENGTH) return undefined;
  const content = entry.content === undefined ? '' : `;content=${entry.content}`;
  return `${entry.data};encoding=hex;purpose=${entry.purpose}${content}`;
};

/** Of ISDN's data the first byte says how to read the rest (Q.931, section 4.5.30); 4 is IA5 text. */
const IA5 = 0x04;

/** The data as text, where it is text; undefined otherwise. */
export const textOfUserToUser = ({ data, encoding, content, purpose }: UserToUser): string | undefined => {
  if (encoding !== 'hex') return data;
  const bytes = Buffer.from(data, 'hex');
  const isIsdn = content === 'isdn-uui' || (content === undefined && purpose.startsWith('isdn'));
  const text = (isIsdn && bytes[0] === IA5 ? bytes.subarray(1) : bytes).toString('utf8');
  return /[\u0000-\u001f\u007f\ufffd]/.test(text) ? undefined : text;
};

/** Text as hexadecimal data. */
export const hexOfText = (text: string): string => Buffer.from(text, 'utf8').toString('hex');
