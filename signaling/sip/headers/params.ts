/** Header parameters: `;name`, `;name=value`, `;name="quoted"` (RFC 3261, 25.1 generic-param). */
import { fail, ok, type Result } from '../../../base/result';
import { isToken, isValueCode, lowerCase, quote, quotedEnd, skipSpace, tokenEnd, unquote } from './scan';

/** Parameters by lower-case name, in the order written; a parameter without a value maps to undefined. */
export interface Params extends Iterable<readonly [name: string, value: string | undefined]> {
  readonly size: number;
  get(name: string): string | undefined;
  has(name: string): boolean;
}

export const NO_PARAMS: Params = new Map();

/** A few parameters, as nearly every header has: a map would cost more than to read them. */
class FewParams implements Params {
  readonly size: number;

  constructor(
    private readonly name: string,
    private readonly value: string | undefined,
    private readonly before: FewParams | undefined,
  ) {
    this.size = before ? before.size + 1 : 1;
  }

  get(name: string): string | undefined {
    return this.find(name)?.value;
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  *[Symbol.iterator](): Iterator<readonly [string, string | undefined]> {
    if (this.before) yield* this.before;
    yield [this.name, this.value];
  }

  private find(name: string): FewParams | undefined {
    if (this.name === name) return this;
    for (let one = this.before; one; one = one.before) if (one.name === name) return one;
    return undefined;
  }
}

/** From so many on they go into a map, in which a hostile number of them is found as fast as a few. */
const MANY = 8;

/** Parameters being read, which only {@link addParam} may grow. */
export type GrowingParams = FewParams | Map<string, string | undefined> | undefined;

/** Takes a parameter behind those before it, which are not to be used by themselves any more. */
export const addParam = (params: GrowingParams, name: string, value: string | undefined): GrowingParams => {
  if (params instanceof Map) return params.set(name, value);
  if (params === undefined || params.size < MANY) return new FewParams(name, value, params);
  return new Map(params).set(name, value);
};

/**
 * Reads `*( SEMI generic-param )` from `at` to the end of the text.
 *
 * Of a name given twice the first counts. Errors: `bad_input` for an empty name, a value with illegal characters, an
 * unclosed quote, or anything after the last parameter.
 */
export const parseParams = (text: string, from: number): Result<Params> => {
  let at = skipSpace(text, from);
  if (at >= text.length) return ok(NO_PARAMS);
  let params: GrowingParams;
  while (at < text.length) {
    if (text.charCodeAt(at) !== 0x3b) return fail('bad_input', `unexpected '${text[at]}' where a ';' is due`);
    const nameStart = skipSpace(text, at + 1);
    const nameEnd = tokenEnd(text, nameStart);
    if (nameEnd === nameStart) return fail('bad_input', 'a parameter has no name');
    const name = lowerCase(text.slice(nameStart, nameEnd));
    at = skipSpace(text, nameEnd);
    let value: string | undefined;
    if (text.charCodeAt(at) === 0x3d) {
      const start = skipSpace(text, at + 1);
      const end = valueEnd(text, start);
      if (end <= start) return fail('bad_input', `the value of parameter '${name}' is malformed`);
      const raw = text.slice(start, end);
      value = raw.charCodeAt(0) === 0x22 ? unquote(raw) : raw;
      at = skipSpace(text, end);
    }
    if (params?.has(name) !== true) params = addParam(params, name, value);
  }
  return ok(params ?? NO_PARAMS);
};

const valueEnd = (text: string, start: number): number => {
  if (text.charCodeAt(start) === 0x22) return quotedEnd(text, start);
  let at = start;
  while (at < text.length && isValueCode(text.charCodeAt(at))) at += 1;
  return at;
};

const isPlainValue = (value: string): boolean => {
  for (let at = 0; at < value.length; at += 1) if (!isValueCode(value.charCodeAt(at))) return false;
  return value.length > 0;
};

/** The parameters as text, each with its leading semicolon; values that need quotes get them. */
export const formatParams = (params: Params): string => {
  let text = '';
  for (const [name, value] of params) {
    text += value === undefined ? `;${name}` : `;${name}=${isPlainValue(value) ? value : quote(value)}`;
  }
  return text;
};

/** A copy with some parameters set (a string, or undefined for a bare name) or removed (null). */
export const withParams = (params: Params, changes: Record<string, string | undefined | null>): Params => {
  const changed = new Map(params);
  for (const [name, value] of Object.entries(changes)) {
    if (!isToken(name)) continue;
    if (value === null) changed.delete(name.toLowerCase());
    else changed.set(name.toLowerCase(), value);
  }
  let copy: GrowingParams;
  for (const [name, value] of changed) copy = addParam(copy, name, value);
  return copy ?? NO_PARAMS;
};
