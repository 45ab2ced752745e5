/** mingo's operators, with those replaced that must follow BSON's types and order. */
import type { Document } from 'bson';
import { Context } from 'mingo/core';
import type { Options } from 'mingo/types';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as stages from 'mingo/operators/pipeline';
import * as projections from 'mingo/operators/projection';
import * as queries from 'mingo/operators/query';
import * as windows from 'mingo/operators/window';
import { Lazy, type Iterator as LazyIterator } from 'mingo/lazy';
import { Decimal128, Long } from 'bson';
import { CommandError, notImplemented } from '../errors';
import { compareValues, tagOf } from '../values/order';
import { BSON_QUERY_OPERATORS } from './operators';
import { sortDocuments } from './sort';

type ContextParts = NonNullable<Parameters<typeof Context.init>[0]>;

const sortStage = (source: LazyIterator, spec: Record<string, unknown>): LazyIterator =>
  source.transform((documents) => Lazy(sortDocuments(documents as Document[], spec)));

/** mingo puts a value that equals a boundary into the bucket below it; grouping by a `$switch` does not. */
const bucketStage = (source: LazyIterator, spec: Document, options: Options): LazyIterator => {
  const { groupBy, boundaries, default: others, output = { count: { $sum: 1 } } } = spec as BucketSpec;
  const rising =
    Array.isArray(boundaries) &&
    boundaries.length > 1 &&
    boundaries.every((bound, at) => at === 0 || rises(boundaries[at - 1], bound));
  if (!rising)
    throw new CommandError('BadValue', '$bucket needs at least two boundaries of one type in ascending order');
  const branches = boundaries.slice(0, -1).map((bound, at) => ({
    case: { $and: [{ $gte: [groupBy, bound] }, { $lt: [groupBy, boundaries[at + 1]] }] },
    then: { $literal: bound },
  }));
  const key = { $switch: { branches, ...(others !== undefined && { default: { $literal: others } }) } };
  const grouped = stages.$group(source, { _id: key, ...output }, options);
  return sortStage(grouped, { _id: 1 });
};

interface BucketSpec {
  groupBy: unknown;
  boundaries: unknown[];
  default?: unknown;
  output?: Document;
}

const rises = (lower: unknown, upper: unknown): boolean =>
  tagOf(lower) === tagOf(upper) && compareValues(lower, upper) < 0;

const refuse = (name: string) => (): never => {
  throw notImplemented(name);
};

/** Accumulators that would silently pass over numbers that JavaScript cannot add. */
const ARITHMETIC = ['$sum', '$avg', '$stdDevPop', '$stdDevSamp', '$median', '$percentile'] as const;

const isBigNumber = (value: unknown): boolean => value instanceof Decimal128 || value instanceof Long;

/** Refuses, instead of ignoring, a Decimal128 or a Long beyond 2^53 among the values. */
const guarded = (name: (typeof ARITHMETIC)[number]) => {
  const original = accumulators[name] as (...args: [unknown[], unknown, Options]) => unknown;
  return (collection: unknown[], expression: unknown, options: Options): unknown => {
    const operand = name === '$median' || name === '$percentile' ? (expression as Document | null)?.input : expression;
    if (accumulators.$push(collection, operand as never, options).some(isBigNumber)) {
      throw notImplemented(`${name} over Decimal128 or 64-bit integers beyond 2^53`);
    }
    return original(collection, expression, options);
  };
};

const build = (): Context =>
  Context.init({
    accumulator: { ...accumulators, ...Object.fromEntries(ARITHMETIC.map((name) => [name, guarded(name)])) },
    expression: expressions,
    pipeline: {
      ...stages,
      $sort: sortStage,
      $bucket: bucketStage,
      $out: refuse('$out here'),
      $merge: refuse('$merge here'),
    },
    projection: projections,
    query: { ...queries, ...BSON_QUERY_OPERATORS, $where: refuse('$where'), $jsonSchema: refuse('$jsonSchema') },
    window: windows,
  } as unknown as ContextParts);

const context = build();

/** Options for every use of mingo: strict, over BSON's operators. mingo builds some stages on its own scripts; a client's are refused before. */
export const mingoOptions = (extra: Partial<Options> = {}): Partial<Options> => ({
  context,
  useStrictMode: true,
  ...extra,
});
