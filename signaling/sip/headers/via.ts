/** Via: one hop of the way a request came (RFC 3261, 20.42; rport of RFC 3581). */
import { fail, ok, type Result } from '../../../base/result';
import { endOfDigits, endOfHost } from '../uri';
import { formatParams, NO_PARAMS, type Params, parseParams, withParams } from './params';
import { parseDigits, skipSpace, tokenEnd } from './scan';

/** What every branch that follows RFC 3261 starts with (8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

export interface ViaParts {
  /** Upper case: `UDP`, `TCP`, `TLS`, `WS`, `WSS` or another token. */
  readonly transport: string;
  /** As written; IPv6 in brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly params?: Params;
}

/** An immutable Via value; `withParams` makes changed copies. */
export class Via {
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;

  constructor(parts: ViaParts) {
    this.transport = parts.transport;
    this.host = parts.host;
    this.port = parts.port;
    this.params = parts.params ?? NO_PARAMS;
  }

  /** The transaction's branch; undefined in messages of RFC 2543 agents. */
  get branch(): string | undefined {
    return this.params.get('branch');
  }

  /** The address the request was seen to come from, added by its receiver. */
  get received(): string | undefined {
    return this.params.get('received');
  }

  /** Whether the branch identifies a transaction by itself: the magic cookie with something behind it. */
  get hasMagicBranch(): boolean {
    const branch = this.branch;
    return branch !== undefined && branch.length > MAGIC_COOKIE.length && branch.startsWith(MAGIC_COOKIE);
  }

  /** Host and port as compared between messages: lower case, the port as written. */
  get sentBy(): string {
    return this.port === undefined ? this.host.toLowerCase() : `${this.host.toLowerCase()}:${this.port}`;
  }

  withParams(changes: Record<string, string | undefined | null>): Via {
    return new Via({ ...this, params: withParams(this.params, changes) });
  }

  toString(): string {
    const port = this.port === undefined ? '' : `:${this.port}`;
    return `SIP/2.0/${this.transport} ${this.host}${port}${formatParams(this.params)}`;
  }
}

/** Reads `SIP / 2.0 / transport sent-by *(;param)`, with white space wherever the grammar allows it. */
export const parseVia = (text: string): Result<Via> => {
  const transportStart = skipProtocol(text);
  if (transportStart < 0) return fail('bad_input', "the value does not start with 'SIP/2.0/'");
  const transportEnd = tokenEnd(text, transportStart);
  if (transportEnd === transportStart) return fail('bad_input', 'the transport is missing');
  const hostStart = skipSpace(text, transportEnd);
  const hostEnd = endOfHost(text, hostStart);
  if (hostStart === transportEnd || hostEnd === hostStart) return fail('bad_input', 'the sent-by host is malformed');
  let next = skipSpace(text, hostEnd);
  let port: number | undefined;
  if (text.charCodeAt(next) === 0x3a) {
    const portStart = skipSpace(text, next + 1);
    const portEnd = endOfDigits(text, portStart);
    port = parseDigits(text.slice(portStart, portEnd), 65535);
    if (port === undefined) return fail('bad_input', 'the sent-by port is malformed');
    next = portEnd;
  }
  const params = parseParams(text, next);
  if (!params.ok) return params;
  const written = text.slice(transportStart, transportEnd);
  const transport = written === 'UDP' ? written : written.toUpperCase();
  return ok(new Via({ transport, host: text.slice(hostStart, hostEnd), port, params: params.value }));
};

/** The index behind `SIP / 2.0 /` and its optional white space, or -1. */
const skipProtocol = (text: string): number => {
  if (text.startsWith('SIP/2.0/')) return skipSpace(text, 8);
  let at = skipSpace(text, 0);
  for (const part of ['SIP', '/', '2.0', '/']) {
    if (text.slice(at, at + part.length).toUpperCase() !== part) return -1;
    at = skipSpace(text, at + part.length);
  }
  return at;
};
