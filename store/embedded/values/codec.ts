/**
 * BSON to JavaScript and back in two forms.
 *
 * - exact: numbers are plain where JavaScript's natural serialisation gives the same BSON type again; a `Double` with a
 *   small whole value and every `Long` stay wrapped. Whatever is decoded this way is encoded to the same types.
 * - plain: all numbers that fit are plain, for predicates and aggregation; only a `Long` beyond 2^53 and `Decimal128`
 *   stay wrapped.
 */
import {
  BSONRegExp,
  BSONSymbol,
  Double,
  Int32,
  Long,
  Timestamp,
  deserialize,
  serialize,
  type DeserializeOptions,
  type Document,
} from 'bson';
import { CommandError, notImplemented } from '../errors';

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Documents nested deeper than this are refused, as MongoDB does. */
const MAX_DEPTH = 180;

const DECODE: DeserializeOptions = {
  promoteValues: false,
  promoteLongs: false,
  bsonRegExp: true,
  validation: { utf8: true },
};

const INT32_MIN = -0x8000_0000;
const INT32_MAX = 0x7fff_ffff;

const serialisesAsInt32 = (value: number): boolean =>
  Number.isInteger(value) && !Object.is(value, -0) && value >= INT32_MIN && value <= INT32_MAX;

export const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && (value.constructor === Object || value.constructor === undefined);

type Leaf = (value: unknown) => unknown;

const convert = (value: unknown, leaf: Leaf, depth = 0): unknown => {
  if (depth > MAX_DEPTH) throw new CommandError('BadValue', `a document is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return value.map((item) => convert(item, leaf, depth + 1));
  if (!isDocument(value)) return leaf(value);
  const result: Document = {};
  for (const key of Object.keys(value)) {
    const converted = convert(value[key], leaf, depth + 1);
    if (key === '__proto__') Object.defineProperty(result, key, { value: converted, enumerable: true, writable: true });
    else result[key] = converted;
  }
  return result;
};

const exactLeaf: Leaf = (value) => {
  if (value instanceof Int32) return value.value;
  if (value instanceof Double) return serialisesAsInt32(value.value) ? value : value.value;
  return value;
};

const plainLeaf: Leaf = (value) => {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long && !(value instanceof Timestamp)) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof BSONRegExp) return nativeRegExp(value);
  return value;
};

/** JavaScript's form of a BSON regular expression. @throws CommandError for PCRE options that JavaScript lacks. */
const nativeRegExp = ({ pattern, options }: BSONRegExp): RegExp => {
  const refused = [...options].find((option) => !'imsu'.includes(option));
  if (refused) throw notImplemented(`the regular expression option '${refused}'`);
  try {
    return new RegExp(pattern, options);
  } catch (error) {
    throw new CommandError('BadValue', `Regular expression is invalid: ${(error as Error).message}`);
  }
};

/** Every value with its BSON type kept. @throws BSONError when the bytes are not a document. */
export const decodeExact = (bytes: Uint8Array): Document => convert(deserialize(bytes, DECODE), exactLeaf) as Document;

const DECODE_PLAIN: DeserializeOptions = { promoteValues: true, promoteLongs: true, promoteBuffers: false };

/** For stored documents, which have been validated when they came in: the fastest form that predicates can read. */
export const decodePlain = (bytes: Uint8Array): Document => deserialize(bytes, DECODE_PLAIN);

/** Plain form of an exact value; regular expressions become JavaScript's. */
export const toPlain = <Value>(value: Value): Value => convert(value, plainLeaf) as Value;

/** @throws CommandError when the document is larger than 16 MiB. */
export const encode = (document: Document): Buffer => {
  const bytes = serialize(document, { ignoreUndefined: true });
  if (bytes.byteLength > MAX_DOCUMENT_BYTES) {
    throw new CommandError(
      'BSONObjectTooLarge',
      `BSONObj size: ${bytes.byteLength} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    );
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** The number that a numeric argument means, or undefined when it is not numeric. */
export const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  if (value instanceof Long && !(value instanceof Timestamp)) return value.toNumber();
  if (value instanceof Double || value instanceof Int32) return value.value;
  return undefined;
};
