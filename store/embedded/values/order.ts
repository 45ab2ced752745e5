/**
 * MongoDB's order of BSON values as bytes: comparing two encodings with memcmp compares the values. Indexes store these
 * bytes, sorts compare them and predicates decide equality by them, so that the three can never disagree.
 *
 * | tag  | values                         | payload                                                    |
 * |------|--------------------------------|------------------------------------------------------------|
 * | 0x08 | MinKey                         |                                                            |
 * | 0x0c | an empty array as a sort key   |                                                            |
 * | 0x10 | null, missing, undefined       |                                                            |
 * | 0x20 | numbers of all types           | double (sign-folded), 0x80, or 0x7f / 0x81 and a remainder |
 * | 0x30 | strings, symbols               | UTF-8 with 0x00 escaped, terminator 0x00 0x01              |
 * | 0x40 | documents                      | per field: tag, name, value; end 0x00                      |
 * | 0x50 | arrays                         | values; end 0x00                                           |
 * | 0x60 | binary                         | length, subtype, bytes                                     |
 * | 0x70 | ObjectId                       | 12 bytes                                                   |
 * | 0x80 | booleans                       | 0 or 1                                                     |
 * | 0x90 | dates                          | milliseconds, sign-folded                                  |
 * | 0xa0 | timestamps                     | 8 bytes, unsigned                                          |
 * | 0xb0 | regular expressions            | pattern, options                                           |
 * | 0xc0 | code                           | text, scope                                                |
 * | 0xf0 | MaxKey                         |                                                            |
 */
import {
  BSONRegExp,
  BSONSymbol,
  Binary,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { CommandError } from '../errors';
import { isDocument } from './codec';
import { nearestDouble, parseScaled, remainder, type Scaled } from './decimal';

export const TAG = {
  minKey: 0x08,
  emptyArray: 0x0c,
  nullish: 0x10,
  number: 0x20,
  string: 0x30,
  document: 0x40,
  array: 0x50,
  binary: 0x60,
  objectId: 0x70,
  boolean: 0x80,
  date: 0x90,
  timestamp: 0xa0,
  regExp: 0xb0,
  code: 0xc0,
  maxKey: 0xf0,
} as const;

/** Stands for an empty array where a sort key or an index entry is made: it sorts before null. */
export const EMPTY_ARRAY = Symbol('empty array');

const END = Buffer.from([0x00]);
const TERMINATOR = Buffer.from([0x00, 0x01]);
const EXACT = Buffer.from([0x80]);

/** Enough for 34 decimal digits: three doubles hold 159 bits. */
const MAX_REMAINDERS = 3;

const foldedDouble = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  if (Number.isNaN(value)) return bytes; // NaN sorts before every number.
  bytes.writeDoubleBE(value === 0 ? 0 : value);
  if (bytes.readUInt8(0) & 0x80) for (let at = 0; at < 8; at += 1) bytes[at] = ~bytes.readUInt8(at);
  else bytes[0] = bytes.readUInt8(0) | 0x80;
  return bytes;
};

const scaledParts = (value: Scaled, parts: Buffer[], depth = 0): void => {
  const double = nearestDouble(value);
  if (!Number.isFinite(double) || (double === 0 && value.units !== 0n)) {
    throw new CommandError('BadValue', 'a Decimal128 outside the range of a double cannot be compared or indexed');
  }
  parts.push(foldedDouble(double));
  const rest = remainder(value, double);
  if (rest.units === 0n || depth === MAX_REMAINDERS) return void parts.push(EXACT);
  parts.push(Buffer.from([rest.units < 0n ? 0x7f : 0x81]));
  scaledParts(rest, parts, depth + 1);
};

const numberParts = (value: number | Long | Decimal128, parts: Buffer[]): void => {
  parts.push(Buffer.from([TAG.number]));
  if (typeof value === 'number') return void parts.push(foldedDouble(value), EXACT);
  const text = value.toString();
  const scaled = parseScaled(text);
  if (scaled) return scaledParts(scaled, parts);
  parts.push(foldedDouble(text === 'Infinity' ? Infinity : text === '-Infinity' ? -Infinity : NaN), EXACT);
};

const escaped = (bytes: Buffer): Buffer => {
  if (!bytes.includes(0)) return bytes;
  const out: number[] = [];
  for (const byte of bytes) out.push(...(byte === 0 ? [0x00, 0xff] : [byte]));
  return Buffer.from(out);
};

const textParts = (tag: number, text: string, parts: Buffer[]): void =>
  void parts.push(Buffer.from([tag]), escaped(Buffer.from(text, 'utf8')), TERMINATOR);

const documentParts = (document: Record<string, unknown>, parts: Buffer[]): void => {
  parts.push(Buffer.from([TAG.document]));
  for (const key of Object.keys(document)) {
    textParts(tagOf(document[key]), key, parts);
    collect(document[key], parts);
  }
  parts.push(END);
};

const int64 = (tag: number, value: bigint): Buffer => {
  const bytes = Buffer.alloc(9);
  bytes[0] = tag;
  bytes.writeBigUInt64BE(BigInt.asUintN(64, value), 1);
  return bytes;
};

const binaryParts = (value: Binary, parts: Buffer[]): void => {
  const head = Buffer.alloc(6);
  head[0] = TAG.binary;
  head.writeUInt32BE(value.position, 1);
  head[5] = value.sub_type;
  parts.push(head, Buffer.from(value.buffer.subarray(0, value.position)));
};

const collect = (value: unknown, parts: Buffer[]): void => {
  if (typeof value === 'number') return numberParts(value, parts);
  if (typeof value === 'string') return textParts(TAG.string, value, parts);
  if (typeof value === 'boolean') return void parts.push(Buffer.from([TAG.boolean, value ? 1 : 0]));
  if (value === null || value === undefined) return void parts.push(Buffer.from([TAG.nullish]));
  if (value === EMPTY_ARRAY) return void parts.push(Buffer.from([TAG.emptyArray]));
  if (Array.isArray(value)) {
    parts.push(Buffer.from([TAG.array]));
    for (const item of value) collect(item, parts);
    return void parts.push(END);
  }
  if (isDocument(value)) return documentParts(value, parts);
  objectParts(value, parts);
};

/** JavaScript escapes the slash in a pattern's source, BSON does not. */
const regExpText = (pattern: string, options: string): string => `${pattern.replaceAll('\\/', '/')}\0${options}`;

/** The BSON classes; kept apart so that the common types are decided first. */
const objectParts = (value: unknown, parts: Buffer[]): void => {
  if (value instanceof Date) return void parts.push(int64(TAG.date, BigInt(value.getTime()) + 2n ** 63n));
  if (value instanceof ObjectId) return void parts.push(Buffer.from([TAG.objectId]), Buffer.from(value.id));
  if (value instanceof Timestamp) return void parts.push(int64(TAG.timestamp, BigInt(value.toString())));
  if (value instanceof Long || value instanceof Decimal128) return numberParts(value, parts);
  if (value instanceof Int32 || value instanceof Double) return numberParts(value.value, parts);
  if (value instanceof Binary) return binaryParts(value, parts);
  if (value instanceof RegExp) return textParts(TAG.regExp, regExpText(value.source, value.flags), parts);
  if (value instanceof BSONRegExp) return textParts(TAG.regExp, regExpText(value.pattern, value.options), parts);
  if (value instanceof BSONSymbol) return textParts(TAG.string, value.value, parts);
  if (value instanceof DBRef) return documentParts(value.toJSON(), parts);
  if (value instanceof Code) {
    textParts(TAG.code, value.code, parts);
    return collect(value.scope, parts);
  }
  if (value instanceof MinKey) return void parts.push(Buffer.from([TAG.minKey]));
  if (value instanceof MaxKey) return void parts.push(Buffer.from([TAG.maxKey]));
  throw new CommandError('BadValue', `a value of type ${(value as object).constructor.name} cannot be compared`);
};

/** Sort-preserving bytes of any BSON value. @throws CommandError for a Decimal128 beyond a double's range. */
export const orderBytes = (value: unknown): Buffer => {
  const parts: Buffer[] = [];
  collect(value, parts);
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
};

/** The type bracket of a value: values compare with `$gt` and its kin only inside one bracket. */
export const tagOf = (value: unknown): number => {
  if (typeof value === 'number') return TAG.number;
  if (typeof value === 'string') return TAG.string;
  if (value === null || value === undefined) return TAG.nullish;
  if (Array.isArray(value)) return TAG.array;
  if (isDocument(value) || value instanceof DBRef) return TAG.document;
  return orderBytes(value).readUInt8(0);
};

/** Negative, zero or positive, in MongoDB's order over all types. */
export const compareValues = (left: unknown, right: unknown): number => {
  if (typeof left === 'number' && typeof right === 'number' && left === left && right === right)
    return left - right || 0;
  return Buffer.compare(orderBytes(left), orderBytes(right));
};

export const equalValues = (left: unknown, right: unknown): boolean => {
  if (typeof left === 'string' || typeof right === 'string') {
    if (typeof left === typeof right) return left === right;
    if (typeof left !== 'object' && typeof right !== 'object') return false;
  }
  return compareValues(left, right) === 0;
};
