/** The table of headers whose values have a grammar of ours: key → how one value is read and written. */
import type { Result } from '../../../base/result';
import { formatAuth, parseAuth, parseAuthInfo } from './auth';
import { parseCallId } from './call-id';
import { parseContact, parseExpires } from './contact';
import { parseContentLength } from './content-length';
import { formatCSeq, parseCSeq } from './cseq';
import { parseMaxForwards } from './max-forwards';
import { formatMediaType, parseMediaType } from './media-type';
import { parseNameAddr } from './name-addr';
import { formatRAck, parseRAck, parseRSeq } from './rack';
import { formatSessionExpires, parseSessionExpires } from './session-expires';
import { formatTokenWithParams, parseTokenWithParams } from './token-params';
import { parseToken } from './tokens';
import { parseVia } from './via';

interface Grammar<Value> {
  readonly parse: (text: string) => Result<Value>;
  readonly format: (value: Value) => string;
}

const grammar = <Value>(parse: (text: string) => Result<Value>, format: (value: Value) => string): Grammar<Value> => ({
  parse,
  format,
});

const address = grammar(parseNameAddr, String);
const token = grammar(parseToken, String);
const seconds = grammar(parseExpires, String);
const auth = grammar(parseAuth, formatAuth);
const tokenWithParams = grammar(parseTokenWithParams, formatTokenWithParams);

export const HEADER_TABLE = {
  allow: token,
  'allow-events': token,
  'authentication-info': grammar(parseAuthInfo, formatAuth),
  authorization: auth,
  'call-id': grammar(parseCallId, String),
  contact: grammar(parseContact, String),
  'content-disposition': tokenWithParams,
  'content-length': grammar(parseContentLength, String),
  'content-type': grammar(parseMediaType, formatMediaType),
  cseq: grammar(parseCSeq, formatCSeq),
  diversion: address,
  event: tokenWithParams,
  expires: seconds,
  from: address,
  'history-info': address,
  'max-forwards': grammar(parseMaxForwards, String),
  'min-expires': seconds,
  'min-se': grammar(parseSessionExpires, formatSessionExpires),
  'p-asserted-identity': address,
  'p-preferred-identity': address,
  path: address,
  'proxy-authenticate': auth,
  'proxy-authorization': auth,
  'proxy-require': token,
  rack: grammar(parseRAck, formatRAck),
  reason: tokenWithParams,
  'record-route': address,
  'refer-to': address,
  'referred-by': address,
  replaces: tokenWithParams,
  'reply-to': address,
  require: token,
  route: address,
  rseq: grammar(parseRSeq, String),
  'service-route': address,
  'session-expires': grammar(parseSessionExpires, formatSessionExpires),
  'subscription-state': tokenWithParams,
  supported: token,
  to: address,
  unsupported: token,
  via: grammar(parseVia, String),
  'www-authenticate': auth,
} as const;

/** The key of a header that {@link HEADER_TABLE} can read. */
export type KnownHeader = keyof typeof HEADER_TABLE;

/** The type of one value of a known header. */
export type HeaderValue<Key extends KnownHeader> =
  ReturnType<(typeof HEADER_TABLE)[Key]['parse']> extends Result<infer Value> ? Value : never;
