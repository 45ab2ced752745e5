/**
 * The query operators that decide by BSON's types and order. They take the place of mingo's of the same names, which
 * compare JavaScript values; `$and`, `$or`, `$nor`, `$not`, `$expr` and the bit tests stay mingo's.
 */
import {
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Binary,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import type { Document } from 'bson';
import { Query } from 'mingo/query';
import type { Options } from 'mingo/types';
import { CommandError, notImplemented } from '../errors';
import { isDocument, numberOf } from '../values/codec';
import { compareValues, equalValues, tagOf } from '../values/order';
import { candidatesAt, valuesAt } from '../values/paths';

type Predicate = (document: Document) => boolean;
export type QueryOperator = (path: string, operand: unknown, options: Options) => Predicate;

const isNullish = (value: unknown): boolean => value === null || value === undefined;

const equals = (path: string, operand: unknown): Predicate => {
  if (operand instanceof RegExp) {
    return (document) => candidatesAt(document, path).some((value) => equalValues(value, operand));
  }
  if (isNullish(operand)) return (document) => candidatesAt(document, path).some(isNullish);
  const tag = tagOf(operand);
  return (document) =>
    candidatesAt(document, path).some(
      (value) => value !== undefined && tagOf(value) === tag && equalValues(value, operand),
    );
};

const matches = (path: string, pattern: RegExp): Predicate => {
  return (document) =>
    candidatesAt(document, path).some(
      (value) =>
        (typeof value === 'string' && pattern.test(value)) || (value instanceof RegExp && equalValues(value, pattern)),
    );
};

const listOperand = (name: string, operand: unknown): unknown[] => {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', `${name} needs an array`);
  return operand;
};

const isIn: QueryOperator = (path, operand) => {
  const members = listOperand('$in', operand);
  const patterns = members.filter((member) => member instanceof RegExp).map((pattern) => matches(path, pattern));
  const scalars = new Set(members.filter((member) => typeof member === 'string' || typeof member === 'number'));
  const others = members
    .filter((member) => !scalars.has(member as string) && !(member instanceof RegExp))
    .map((member) => equals(path, member));
  const wrapped = (value: unknown): boolean =>
    value instanceof Long || value instanceof Double || value instanceof Decimal128;
  return (document) =>
    candidatesAt(document, path).some(
      (value) =>
        scalars.has(value as string) || (wrapped(value) && [...scalars].some((member) => equalValues(member, value))),
    ) ||
    others.some((other) => other(document)) ||
    patterns.some((pattern) => pattern(document));
};

const negate = (operator: QueryOperator): QueryOperator => {
  return (path, operand, options) => {
    const predicate = operator(path, operand, options);
    return (document) => !predicate(document);
  };
};

const compares =
  (name: string, accepts: (order: number) => boolean): QueryOperator =>
  (path, operand) => {
    if (operand instanceof RegExp)
      throw new CommandError('BadValue', `Can't have RegEx as arg to predicate over field '${path}' (${name}).`);
    const acrossTypes = operand instanceof MinKey || operand instanceof MaxKey;
    const tag = tagOf(operand);
    const isNaNOperand = typeof operand === 'number' && Number.isNaN(operand);
    return (document) =>
      candidatesAt(document, path).some((value) => {
        if (value === undefined && !isNullish(operand)) return false;
        if (!acrossTypes && tagOf(value) !== tag) return false;
        // NaN equals only itself and is neither less nor greater than a number.
        if (tag === tagOf(0) && isNaNOperand !== Number.isNaN(numberOf(value) ?? 0)) return false;
        return accepts(compareValues(value, operand));
      });
  };

const exists: QueryOperator = (path, operand) => {
  const wanted = Boolean(operand) || operand === '';
  return (document) => valuesAt(document, path).some((value) => value !== undefined) === wanted;
};

const isWhole = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value);
const isInt = (value: unknown): boolean =>
  isWhole(value) && Math.abs(value as number) < 2 ** 31 && !Object.is(value, -0);

/** BSON's types by alias and number; predicates see values decoded exactly when a filter uses `$type`. */
const TYPES: readonly [alias: string, code: number, test: (value: unknown) => boolean][] = [
  ['double', 1, (value) => value instanceof Double || (typeof value === 'number' && !isInt(value))],
  ['string', 2, (value) => typeof value === 'string'],
  ['object', 3, (value) => isDocument(value) || value instanceof DBRef],
  ['array', 4, Array.isArray],
  ['binData', 5, (value) => value instanceof Binary],
  ['objectId', 7, (value) => value instanceof ObjectId],
  ['bool', 8, (value) => typeof value === 'boolean'],
  ['date', 9, (value) => value instanceof Date],
  ['null', 10, (value) => value === null],
  ['regex', 11, (value) => value instanceof RegExp || value instanceof BSONRegExp],
  ['javascript', 13, (value) => value instanceof Code && !value.scope],
  ['symbol', 14, (value) => value instanceof BSONSymbol],
  ['javascriptWithScope', 15, (value) => value instanceof Code && Boolean(value.scope)],
  ['int', 16, isInt],
  ['timestamp', 17, (value) => value instanceof Timestamp],
  ['long', 18, (value) => value instanceof Long && !(value instanceof Timestamp)],
  ['decimal', 19, (value) => value instanceof Decimal128],
  ['minKey', -1, (value) => value instanceof MinKey],
  ['maxKey', 127, (value) => value instanceof MaxKey],
];

const isNumeric = (value: unknown): boolean => numberOf(value) !== undefined || value instanceof Decimal128;

const hasType: QueryOperator = (path, operand) => {
  const tests = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((name) => {
    if (name === 'number') return isNumeric;
    const row = TYPES.find(([alias, code]) => alias === name || code === name);
    if (!row) throw new CommandError('BadValue', `Unknown type name alias or code: ${String(name)}`);
    return row[2];
  });
  return (document) =>
    candidatesAt(document, path).some((value) => value !== undefined && tests.some((test) => test(value)));
};

const modulo: QueryOperator = (path, operand) => {
  const [divisor, rest] = listOperand('$mod', operand).map((part) => Math.trunc(numberOf(part) ?? NaN));
  if (
    (operand as unknown[]).length !== 2 ||
    divisor === undefined ||
    rest === undefined ||
    Number.isNaN(divisor + rest)
  ) {
    throw new CommandError('BadValue', 'malformed mod, it needs [divisor, remainder]');
  }
  if (divisor === 0) throw new CommandError('BadValue', 'divisor cannot be 0');
  return (document) =>
    candidatesAt(document, path).some((value) => {
      if (value instanceof Decimal128) throw notImplemented('$mod on a Decimal128');
      const number = numberOf(value);
      return number !== undefined && Math.trunc(number) % divisor === rest;
    });
};

const size: QueryOperator = (path, operand) => {
  const length = numberOf(operand);
  if (length === undefined || !Number.isInteger(length) || length < 0) {
    throw new CommandError(
      'BadValue',
      `Failed to parse $size. Expected a non-negative whole number: ${String(operand)}`,
    );
  }
  return (document) => valuesAt(document, path).some((value) => Array.isArray(value) && value.length === length);
};

const isOperatorsOnly = (criteria: Document): boolean => {
  const keys = Object.keys(criteria);
  return keys.length > 0 && keys.every((key) => key.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(key));
};

const elemMatch: QueryOperator = (path, operand, options) => {
  if (!isDocument(operand)) throw new CommandError('BadValue', '$elemMatch needs an Object');
  const onValues = isOperatorsOnly(operand);
  const query = new Query(onValues ? { v: operand } : operand, options);
  const test = (item: unknown): boolean => {
    if (onValues) return query.test({ v: item });
    return isDocument(item) && query.test(item);
  };
  return (document) => valuesAt(document, path).some((value) => Array.isArray(value) && value.some(test));
};

const all: QueryOperator = (path, operand, options) => {
  const members = listOperand('$all', operand);
  if (members.length === 0) return () => false;
  const predicates = members.map((member) => {
    if (isDocument(member) && '$elemMatch' in member) return elemMatch(path, member.$elemMatch, options);
    return member instanceof RegExp ? matches(path, member) : equals(path, member);
  });
  return (document) => predicates.every((predicate) => predicate(document));
};

const regex: QueryOperator = (path, operand) => {
  if (operand instanceof RegExp) return matches(path, operand);
  throw new CommandError('BadValue', '$regex has to be a string or a regular expression');
};

/** Replacements for mingo's operators of the same names. */
export const BSON_QUERY_OPERATORS: Record<string, QueryOperator> = {
  $eq: equals,
  $ne: negate(equals),
  $in: isIn,
  $nin: negate(isIn),
  $gt: compares('$gt', (order) => order > 0),
  $gte: compares('$gte', (order) => order >= 0),
  $lt: compares('$lt', (order) => order < 0),
  $lte: compares('$lte', (order) => order <= 0),
  $exists: exists,
  $type: hasType,
  $mod: modulo,
  $size: size,
  $elemMatch: elemMatch,
  $all: all,
  $regex: regex,
};
