/**
 * The SIP message inside a control message, as an app writes it: only what the app wants to say. Via, tags, CSeq and
 * the like are added by the edge, so this is deliberately not a complete SIP message.
 */
import { headerKey } from '../../sip/headers/names';
import { skipSpace, tokenEnd } from '../../sip/headers/scan';
import { ControlFormatError } from './frame';

export interface AppHeader {
  /** As the app writes it. */
  readonly name: string;
  /** Lower-case long name. */
  readonly key: string;
  readonly value: string;
}

interface AppMessageParts {
  readonly headers: readonly AppHeader[];
  readonly body: string;
}

export interface AppRequest extends AppMessageParts {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
}

export interface AppResponse extends AppMessageParts {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type AppMessage = AppRequest | AppResponse;

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]{1,32}) (\S{1,2048}) SIP\/2\.0$/;
const STATUS_LINE = /^SIP\/2\.0 ([1-6][0-9]{2}) ?(.*)$/;
const ILLEGAL_IN_LINE = /[\r\n\0]/;
const MAX_NAME_LENGTH = 128;
const MAX_HEADERS = 200;

/**
 * Reads start line, headers and body. Content-Length is ignored: drachtio-srf counts characters where SIP counts bytes,
 * and the frame says how long the message is.
 * @throws ControlFormatError naming the line that is not SIP.
 */
export const parseAppMessage = (text: string): AppMessage => {
  const headEnd = text.indexOf('\r\n\r\n');
  const lines = (headEnd < 0 ? text : text.slice(0, headEnd)).split('\r\n');
  const body = headEnd < 0 ? '' : text.slice(headEnd + 4);
  const startLine = lines[0] ?? '';
  const headers = lines.slice(1).filter((line) => line !== '');
  if (headers.length > MAX_HEADERS) throw new ControlFormatError(`more than ${MAX_HEADERS} headers`);
  const parts = { headers: headers.map(parseHeaderLine), body };

  const status = STATUS_LINE.exec(startLine);
  if (status) return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', ...parts };
  const request = REQUEST_LINE.exec(startLine);
  if (request?.[1] === undefined || request[2] === undefined) {
    throw new ControlFormatError(`invalid start line: ${JSON.stringify(startLine.slice(0, 80))}`);
  }
  return { kind: 'request', method: request[1].toUpperCase(), uri: request[2], ...parts };
};

const parseHeaderLine = (line: string): AppHeader => {
  const nameEnd = tokenEnd(line, 0);
  const colon = skipSpace(line, nameEnd);
  const isNamed = nameEnd > 0 && nameEnd <= MAX_NAME_LENGTH && line.charCodeAt(colon) === 0x3a;
  if (!isNamed || ILLEGAL_IN_LINE.test(line)) {
    throw new ControlFormatError(`invalid header line: ${JSON.stringify(line.slice(0, 80))}`);
  }
  const name = line.slice(0, nameEnd);
  return { name, key: headerKey(name), value: line.slice(colon + 1).trim() };
};

/** The first value of a header. @param key its lower-case long name. */
export const headerOf = (message: AppMessage, key: string): string | undefined => {
  for (const header of message.headers) if (header.key === key) return header.value;
  return undefined;
};
