/** SIP requests and responses: an ordered list of raw header fields, read through typed, cached accessors. */
import { InvariantError } from '../../base/errors';
import { newToken } from '../../base/ids';
import { fail, type Fault, ok, type Result } from '../../base/result';
import type { CSeq } from './headers/cseq';
import { type HeaderField, HeaderFields } from './headers/header-fields';
import { headerKey, headerName } from './headers/names';
import { type NameAddr, parseNameAddr } from './headers/name-addr';
import { HEADER_TABLE, type HeaderValue, type KnownHeader } from './headers/table';
import type { Via } from './headers/via';
import { parseUri, type SipUri } from './uri';
import { reasonPhrase } from './reason-phrases';

export type SipMessage = SipRequest | SipResponse;

export const NO_BODY: Buffer = Buffer.alloc(0);

/** How header text and bytes correspond: UTF-8 (RFC 3261, 7), or Latin-1 for messages that are not valid UTF-8. */
export type Charset = 'utf8' | 'latin1';

/** What was read of one header, in a list of all that was: a dozen at most, which is searched faster than a map is made. */
interface ParsedHeader {
  readonly key: string;
  readonly result: Result<readonly unknown[]>;
  readonly next: ParsedHeader | undefined;
}

interface MessageParts {
  readonly fields?: HeaderFields;
  /** The fields as this class writes them, where they came so. */
  readonly fieldsText?: string | undefined;
  readonly body?: Buffer;
  readonly charset?: Charset;
}

/**
 * What requests and responses share.
 *
 * The typed accessors throw an `InvariantError` when their header is missing or malformed. They never do on a message
 * that `parseMessage` accepted, which has checked every header that has an accessor here.
 */
abstract class BaseMessage {
  protected readonly fields: HeaderFields;
  readonly charset: Charset;
  private content: Buffer;
  private parsed: ParsedHeader | undefined;
  /** The header fields as text, with the empty line behind them, while nothing has changed since it was written. */
  protected fieldsText: string | undefined;

  constructor(parts: MessageParts) {
    this.fields = parts.fields ?? new HeaderFields();
    this.fieldsText = parts.fieldsText;
    this.content = parts.body ?? NO_BODY;
    this.charset = parts.charset ?? 'utf8';
  }

  protected abstract startLine(): string;

  /** All header fields in the order of the message, unknown ones included. */
  get headers(): readonly HeaderField[] {
    return this.fields.all;
  }

  get body(): Buffer {
    return this.content;
  }

  set body(body: Buffer) {
    if (this.fields.singleValue('content-length') !== String(body.length)) this.fieldsText = undefined;
    this.content = body;
  }

  /** The first value of a header; names match in any case and in compact form. */
  get(name: string): string | undefined {
    return this.fields.get(name);
  }

  /** All values of a header, comma lists taken apart where the header allows them. */
  getAll(name: string): string[] {
    return this.fields.getAll(name);
  }

  has(name: string): boolean {
    return this.fields.has(name);
  }

  /** Replaces all fields of that name by one. */
  set(name: string, value: string): void {
    this.forget(name);
    this.fields.set(name, value);
  }

  /** Adds a field behind all others. */
  append(name: string, value: string): void {
    this.forget(name);
    this.fields.append(name, value);
  }

  /** Adds a field before the others of that name. */
  prepend(name: string, value: string): void {
    const { fieldsText } = this;
    this.forget(name);
    const isFirst = this.fields.prepend(name, value) === 0;
    const [first] = this.fields.all;
    if (isFirst && first && fieldsText !== undefined) this.fieldsText = `${lineOf(first)}${fieldsText}`;
  }

  remove(name: string): void {
    this.forget(name);
    this.fields.remove(name);
  }

  /** Removes the first value of a header, such as our own Via from a response. */
  removeFirst(name: string): void {
    this.forget(name);
    this.fields.removeFirst(name);
  }

  /**
   * All values of a header that the table knows, parsed; cached until that header changes. Fault `bad_input` names the
   * header. `Contact: *` reads as no contact.
   */
  read<Key extends KnownHeader>(key: Key): Result<readonly HeaderValue<Key>[]> {
    for (let known = this.parsed; known; known = known.next) {
      if (known.key === key) return known.result as Result<readonly HeaderValue<Key>[]>;
    }
    const result = readAll(key, this.fields);
    this.parsed = { key, result, next: this.parsed };
    return result;
  }

  get topVia(): Via {
    return this.one('via');
  }

  /** Top first. */
  get vias(): readonly Via[] {
    return mustRead(this.read('via'));
  }

  get from(): NameAddr {
    return this.one('from');
  }

  get to(): NameAddr {
    return this.one('to');
  }

  get callId(): string {
    return this.one('call-id');
  }

  get cseq(): CSeq {
    return this.one('cseq');
  }

  /** Empty for `Contact: *`, see {@link BaseMessage.hasStarContact}. */
  get contacts(): readonly NameAddr[] {
    return mustRead(this.read('contact'));
  }

  get hasStarContact(): boolean {
    return this.fields.get('Contact') === '*';
  }

  get routes(): readonly NameAddr[] {
    return mustRead(this.read('route'));
  }

  get recordRoutes(): readonly NameAddr[] {
    return mustRead(this.read('record-route'));
  }

  get maxForwards(): number | undefined {
    return mustRead(this.read('max-forwards'))[0];
  }

  /** The size of the body in bytes; what is written into Content-Length. */
  get contentLength(): number {
    return this.content.length;
  }

  /** The size of the whole message in bytes. */
  get byteLength(): number {
    return Buffer.byteLength(this.head(), this.charset) + this.content.length;
  }

  /** The message as bytes. Content-Length always tells the real size of the body. */
  toBuffer(): Buffer {
    const bytes = Buffer.from(this.head(), this.charset);
    return this.content.length === 0 ? bytes : Buffer.concat([bytes, this.content]);
  }

  /** The message as text, its body read as UTF-8. */
  toText(): string {
    return this.content.length === 0 ? this.head() : this.head() + this.content.toString('utf8');
  }

  /**
   * Lets go of what was read and written of the message, which is made anew when it is asked for: a transaction keeps
   * its request for half a minute after the last time that anybody looks at it.
   */
  compact(): void {
    this.parsed = undefined;
    this.fieldsText = undefined;
  }

  private head(): string {
    this.fieldsText ??= this.writeFields();
    return this.startLine() + this.fieldsText;
  }

  private writeFields(): string {
    let text = '';
    let hasLength = false;
    for (const field of this.fields.all) {
      if (field.key === 'content-length') {
        if (hasLength) continue;
        hasLength = true;
        text += `${field.name}: ${this.content.length}\r\n`;
      } else {
        text += lineOf(field);
      }
    }
    return text + (hasLength ? '\r\n' : `Content-Length: ${this.content.length}\r\n\r\n`);
  }

  private forget(name: string): void {
    this.fieldsText = undefined;
    if (this.parsed) this.parsed = without(headerKey(name), this.parsed);
  }

  private one<Key extends KnownHeader>(key: Key): HeaderValue<Key> {
    const first = mustRead(this.read(key))[0];
    if (first === undefined) throw new InvariantError(`the message has no ${key} header`);
    return first;
  }
}

/** The list without what was read of that header; the same list when nothing was. */
const without = (key: string, list: ParsedHeader): ParsedHeader | undefined => {
  if (list.key === key) return list.next;
  const next = list.next && without(key, list.next);
  return next === list.next ? list : { ...list, next };
};

const lineOf = ({ name, value }: HeaderField): string => `${name}: ${value}\r\n`;

const NOTHING_READ = ok<readonly never[]>([]);

const readAll = <Key extends KnownHeader>(key: Key, fields: HeaderFields): Result<readonly HeaderValue<Key>[]> => {
  const parse = HEADER_TABLE[key].parse as (text: string) => Result<HeaderValue<Key>>;
  const single = fields.singleValue(key);
  // Nearly every header has one value: a list that can grow would cost more than what is in it.
  if (single !== undefined && single !== '*') {
    const value = parse(single);
    return value.ok ? ok([value.value]) : malformed(key, value.fault);
  }
  const texts = fields.getAll(key);
  if (texts.length === 0) return NOTHING_READ;
  const values: HeaderValue<Key>[] = [];
  for (const text of texts) {
    if (key === 'contact' && text === '*') continue;
    const value = parse(text);
    if (!value.ok) return malformed(key, value.fault);
    values.push(value.value);
  }
  return ok(values);
};

const malformed = (key: string, fault: Fault): { ok: false; fault: Fault } =>
  fail('bad_input', `malformed ${headerName(key).name} header: ${fault.message}`);

const mustRead = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new InvariantError(result.fault.message);
  return result.value;
};

export interface SipRequestParts extends MessageParts {
  readonly method: string;
  readonly uri: string;
}

export class SipRequest extends BaseMessage {
  readonly kind = 'request';
  method: string;
  /** The Request-URI as written. */
  uri: string;
  private parsedUri: { readonly text: string; readonly result: Result<SipUri> } | undefined;

  constructor(parts: SipRequestParts) {
    super(parts);
    this.method = parts.method;
    this.uri = parts.uri;
  }

  /** The Request-URI parsed; cached until `uri` changes. */
  readUri(): Result<SipUri> {
    if (this.parsedUri?.text !== this.uri) this.parsedUri = { text: this.uri, result: parseUri(this.uri) };
    return this.parsedUri.result;
  }

  /** An independent copy; the body's bytes are shared. */
  clone(): SipRequest {
    const { method, uri, body, charset } = this;
    return new SipRequest({ method, uri, body, charset, fields: this.fields.clone(), fieldsText: this.fieldsText });
  }

  protected startLine(): string {
    return `${this.method} ${this.uri} SIP/2.0\r\n`;
  }
}

export interface SipResponseParts extends MessageParts {
  /** 100 to 699. */
  readonly status: number;
  readonly reason?: string | undefined;
}

export interface ResponseOptions {
  /** Left out: the usual phrase of the status. */
  readonly reason?: string | undefined;
  /** Added to the To header when the request's has no tag. Left out: a random one, but none in a 100. */
  readonly toTag?: string | undefined;
  /** Fields to add, in order. */
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  /** The caller adds Content-Type. */
  readonly body?: Buffer | undefined;
}

export class SipResponse extends BaseMessage {
  readonly kind = 'response';
  status: number;
  reason: string;

  constructor(parts: SipResponseParts) {
    super(parts);
    this.status = parts.status;
    this.reason = parts.reason ?? reasonPhrase(parts.status);
  }

  /**
   * The response to a request as RFC 3261 section 8.2.6 builds it: From, Call-ID, CSeq and all Vias copied, To copied
   * with a tag, Timestamp copied into a 100. Headers that the request lacks or that are malformed are copied as they
   * are, so that a 400 can be built too.
   */
  static from(request: SipRequest, status: number, options: ResponseOptions = {}): SipResponse {
    const response = new SipResponse({ status, reason: options.reason, charset: request.charset });
    for (const field of request.headers) {
      if (field.key === 'to') response.append('To', toWithTag(request, status, options.toTag));
      else if (COPIED.has(field.key)) response.fields.copy(field);
      else if (status === 100 && field.key === 'timestamp') response.append('Timestamp', field.value);
    }
    for (const [name, value] of options.headers ?? []) response.append(name, value);
    if (options.body) response.body = options.body;
    return response;
  }

  clone(): SipResponse {
    const { status, reason, body, charset } = this;
    const { fields, fieldsText } = this;
    return new SipResponse({ status, reason, body, charset, fields: fields.clone(), fieldsText });
  }

  get isProvisional(): boolean {
    return this.status < 200;
  }

  get isSuccess(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  protected startLine(): string {
    return `SIP/2.0 ${this.status} ${this.reason}\r\n`;
  }
}

const COPIED = new Set(['via', 'from', 'call-id', 'cseq']);

/** To header text with the tag that a response needs (RFC 3261, 8.2.6.2). */
const toWithTag = (request: SipRequest, status: number, toTag: string | undefined): string => {
  const text = request.get('To') ?? '';
  const parsed = parseNameAddr(text);
  if (!parsed.ok || parsed.value.tag !== undefined) return text;
  if (status === 100 && toTag === undefined) return text;
  const tag = toTag ?? newToken(9);
  return text.includes('<') ? `${text};tag=${tag}` : parsed.value.withTag(tag).toString();
};
