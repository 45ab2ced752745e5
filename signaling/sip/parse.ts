/**
 * Bytes to messages.
 *
 *     message    = start-line *(field CRLF) CRLF [body]
 *     start-line = Method SP Request-URI SP "SIP/2.0" CRLF  |  "SIP/2.0" SP 3DIGIT SP reason CRLF
 *     field      = name [LWS] ":" value, where a line that begins with white space continues the one before
 *
 * One pass over the head cuts it into fields; then the headers that transactions and dialogs rely on are read (and stay
 * cached in the message), so that whatever leaves here answers all typed accessors.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Fault } from '../../base/result';
import { checkMessage } from './check';
import { HeaderFields } from './headers/header-fields';
import { headerName } from './headers/names';
import { isToken, skipSpace, tokenEnd, trimSpace } from './headers/scan';
import { type Charset, NO_BODY, type SipMessage, SipRequest, SipResponse } from './message';

/** Why bytes are no acceptable message, and how to answer. */
export interface SipFault extends Fault {
  /** The status that RFC 3261 gives a request with this fault: 400, or 505 for a foreign version. */
  readonly status: number;
  /** The request as far as it was understood, when it can be answered: it has a Via, and is not an ACK. */
  readonly partial?: SipRequest | undefined;
}

export type ParseResult =
  { readonly ok: true; readonly value: SipMessage } | { readonly ok: false; readonly fault: SipFault };

/** More header lines than any real message has; bounds the work of one message. */
const MAX_FIELDS = 500;

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * Reads one message from one datagram.
 *
 * Line breaks before the start line are skipped (RFC 3261, 7.5), bytes behind Content-Length dropped (18.3); a datagram
 * that ends without the empty line counts as a message without a body. Never throws.
 */
export const parseMessage = (bytes: Buffer): ParseResult => {
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start += 1;
  const found = bytes.indexOf(END_OF_HEAD, start);
  const headEnd = found < 0 ? bytes.length : found + 2;
  const head = parseHead(bytes.subarray(start, headEnd));
  if (!head.ok) return head;
  const message = head.value;
  const available = found < 0 ? 0 : bytes.length - found - 4;
  const length = message.read('content-length');
  if (!length.ok) return refuse(message, length.fault.message);
  const bodyBytes = length.value[0] ?? available;
  // RFC 3261, 18.3: "If the transport packet ends before the end of the message body, this is considered an error."
  if (bodyBytes > available) {
    return refuse(message, `Content-Length promises ${bodyBytes} bytes but ${available} came`);
  }
  if (bodyBytes > 0) message.body = bytes.subarray(found + 4, found + 4 + bodyBytes);
  return finish(message);
};

/** Reads start line and header fields without their empty line; the headers' values are not checked yet. */
export const parseHead = (bytes: Buffer): ParseResult => {
  // Nearly every head is ASCII, and Latin-1 is the faster way to read that.
  const plain = isAscii(bytes);
  const charset: Charset = plain || isUtf8(bytes) ? 'utf8' : 'latin1';
  const text = bytes.toString(plain ? 'latin1' : charset);
  const lineEnd = endOfLine(text, 0);
  if (lineEnd < 0) return refuse(undefined, 'the start line does not end in CRLF');
  const fields = new HeaderFields();
  const read = parseFields(text, lineEnd + 2, fields);
  const isOurs = read.isPlain && fields.singleValue('content-length') !== undefined;
  const fieldsText = isOurs ? `${text.slice(lineEnd + 2)}\r\n` : undefined;
  const started = parseStartLine(text.slice(0, lineEnd), { fields, charset, fieldsText });
  if (!started.ok) return started;
  return read.problem === undefined ? started : refuse(started.value, read.problem);
};

/** The index of the CRLF that ends the line, or -1 when it ends in anything else. */
const endOfLine = (text: string, from: number): number => {
  const cr = text.indexOf('\r', from);
  return cr >= 0 && text.charCodeAt(cr + 1) === 0x0a && text.indexOf('\n', from) === cr + 1 ? cr : -1;
};

interface FieldsRead {
  /** What is wrong with the first that cannot be read. */
  readonly problem?: string;
  /** Whether all were written as we write them: the name, a colon, one space, the value. */
  readonly isPlain: boolean;
}

const broken = (problem: string): FieldsRead => ({ problem, isPlain: false });

/** Appends the fields from `at` to the end. */
const parseFields = (text: string, from: number, fields: HeaderFields): FieldsRead => {
  let at = from;
  let isPlain = true;
  for (let count = 0; at < text.length; count += 1) {
    if (count >= MAX_FIELDS) return broken(`the message has more than ${MAX_FIELDS} header fields`);
    const nameEnd = tokenEnd(text, at);
    const colon = skipSpace(text, nameEnd);
    if (nameEnd === at || text.charCodeAt(colon) !== 0x3a) {
      return broken('a header line does not start with a name and a colon');
    }
    let end = endOfLine(text, colon);
    if (end < 0) return broken('a header line does not end in CRLF');
    const written = text.slice(at, nameEnd);
    const known = headerName(written);
    let value = trimSpace(text, colon + 1, end);
    // Counted from the end of the name: a value that does not begin right behind one space is shorter than this.
    if (value.length !== end - nameEnd - 2 || text.charCodeAt(nameEnd + 1) !== 0x20) isPlain = false;
    if (isFolded(text, end)) {
      isPlain = false;
      const lines = [value];
      while (isFolded(text, end)) {
        const lineStart = end + 2;
        end = endOfLine(text, lineStart);
        if (end < 0) return broken('a header line does not end in CRLF');
        lines.push(trimSpace(text, lineStart, end));
      }
      value = lines.filter((line) => line !== '').join(' ');
    }
    // The table's spelling where it is the same: one string for all messages, not one of each.
    fields.push({ key: known.key, name: written === known.name ? known.name : written, value });
    at = end + 2;
  }
  return { isPlain };
};

/** Whether the line after this end goes on with the value (RFC 3261, 7.3.1). */
const isFolded = (text: string, end: number): boolean => {
  const next = text.charCodeAt(end + 2);
  return next === 0x20 || next === 0x09;
};

interface Head {
  readonly fields: HeaderFields;
  readonly fieldsText: string | undefined;
  readonly charset: Charset;
}

const parseStartLine = (line: string, head: Head): ParseResult => {
  if (isVersionPrefix(line)) return parseStatusLine(line, head);
  const methodEnd = line.indexOf(' ');
  const versionStart = line.lastIndexOf(' ') + 1;
  const method = line.slice(0, Math.max(0, methodEnd));
  const uri = versionStart - 1 > methodEnd ? line.slice(methodEnd + 1, versionStart - 1) : '';
  const { fields, fieldsText, charset } = head;
  const request = new SipRequest({ method, uri, fields, fieldsText, charset });
  if (!isToken(method)) return refuse(request, 'the request line does not start with a method');
  if (line.endsWith(' SIP/2.0')) return { ok: true, value: request };
  const version = line.slice(versionStart).toUpperCase();
  if (version !== 'SIP/2.0') {
    return /^SIP\/\d+\.\d+$/.test(version)
      ? refuse(request, `the version '${version}' is not SIP/2.0`, 505)
      : refuse(request, "the request line is not 'method, URI, SIP/2.0' with single spaces");
  }
  return { ok: true, value: request };
};

const isVersionPrefix = (line: string): boolean => line.charCodeAt(3) === 0x2f && /^SIP\//i.test(line);

const parseStatusLine = (line: string, head: Head): ParseResult => {
  const version = line.slice(0, 7).toUpperCase();
  const digits = line.slice(8, 11);
  const wellFormed = version === 'SIP/2.0' && line[7] === ' ' && /^[1-6]\d\d$/.test(digits);
  if (!wellFormed || (line.length > 11 && line[11] !== ' ')) {
    return refuse(undefined, "the status line is not 'SIP/2.0, status from 100 to 699, reason' with single spaces");
  }
  return { ok: true, value: new SipResponse({ status: Number(digits), reason: line.slice(12), ...head }) };
};

/** The last step for a message with its body: checks the headers that everyone relies on. */
export const finish = (message: SipMessage): ParseResult => {
  const problem = checkMessage(message);
  return problem === undefined ? { ok: true, value: message } : refuse(message, problem);
};

/** The fault for a message that was understood in part. */
export const refuse = (
  message: SipMessage | undefined,
  problem: string,
  status = 400,
): { ok: false; fault: SipFault } => {
  const request = message?.kind === 'request' && isAnswerable(message) ? message : undefined;
  if (request) request.body = NO_BODY;
  return { ok: false, fault: { code: 'bad_input', message: problem, status, partial: request } };
};

/** A response goes back to where the request came from and repeats its Vias; an ACK is never answered (RFC 3261, 17). */
const isAnswerable = (request: SipRequest): boolean =>
  isToken(request.method) && request.method !== 'ACK' && request.has('Via');
