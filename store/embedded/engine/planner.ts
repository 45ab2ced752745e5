/** Chooses how to reach the documents of a query: by an index, in an index's order, or by reading all. */
import { Binary, Decimal128, Long, ObjectId, Timestamp, type Document } from 'bson';
import { literalPrefix } from '../query/literal-prefix';
import type { SortField } from '../query/sort';
import { isDocument } from '../values/codec';
import { equalValues, orderBytes, tagOf } from '../values/order';
import type { CollectionInfo, IndexInfo } from './catalog';
import { MAX_KEY_BYTES, fieldBytes, type IndexField } from './index-keys';
import { after, indexPrefix, type KeyRange } from './keyspace';

/** What the conjunction of a filter's conditions says of one path. */
interface Constraint {
  points?: unknown[];
  lower?: unknown;
  upper?: unknown;
  /** A text begins so. */
  prefix?: string;
}

export type Plan =
  | { kind: 'all'; reverse: boolean; sorted: boolean }
  | {
      kind: 'index';
      index: IndexInfo;
      ranges: KeyRange[];
      reverse: boolean;
      /** The index delivers the wanted order. */
      sorted: boolean;
    }
  /** The alternatives of an `$or`, each by an index of its own; a document may be found more than once. */
  | { kind: 'union'; parts: readonly IndexStretch[]; sorted: boolean };

/** What is read of an index. */
export interface IndexStretch {
  index: IndexInfo;
  ranges: KeyRange[];
}

/** `$in` lists and their products beyond this are not taken apart into ranges. */
const MAX_RANGES = 1000;
/** At the end of a text's bytes. */
const TERMINATOR_BYTES = 2;
/** Bounds are shortened to what cut keys keep of their values; the filter decides the rest. */
const BOUND_BYTES = MAX_KEY_BYTES - 32;

const isScalar = (value: unknown): boolean =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && !Number.isNaN(value)) ||
  value instanceof Date ||
  value instanceof ObjectId ||
  value instanceof Long ||
  value instanceof Decimal128 ||
  value instanceof Timestamp ||
  value instanceof Binary;

const isPoint = (value: unknown): boolean => value === null || isScalar(value);

const constrain = (constraint: Constraint, operator: string, operand: unknown): void => {
  if (operator === '$eq' && isPoint(operand)) constraint.points ??= [operand];
  else if (operator === '$in' && Array.isArray(operand) && operand.length <= MAX_RANGES && operand.every(isPoint)) {
    constraint.points ??= operand;
  } else if ((operator === '$gt' || operator === '$gte') && isScalar(operand)) constraint.lower ??= operand;
  else if ((operator === '$lt' || operator === '$lte') && isScalar(operand)) constraint.upper ??= operand;
  else if (operator === '$regex') constrainPrefix(constraint, operand);
};

const constrainPrefix = (constraint: Constraint, operand: unknown): void => {
  const prefix = literalPrefix(operand);
  if (prefix !== undefined) constraint.prefix ??= prefix;
};

const collect = (condition: Document, found: Map<string, Constraint>): Map<string, Constraint> => {
  for (const [key, value] of Object.entries(condition)) {
    if (key === '$and') for (const part of value as Document[]) collect(part, found);
    if (key.startsWith('$')) continue;
    const constraint = found.get(key) ?? {};
    found.set(key, constraint);
    const isExpression = isDocument(value) && Object.keys(value).some((name) => name.startsWith('$'));
    if (value instanceof RegExp) constrainPrefix(constraint, value);
    else if (!isExpression) constrain(constraint, '$eq', value);
    else if (value.$options === undefined)
      for (const [operator, operand] of Object.entries(value)) constrain(constraint, operator, operand);
  }
  return found;
};

const invert = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => ~byte));

const boundBytes = (prefix: Buffer, bytes: Buffer): Buffer => Buffer.concat([prefix, bytes]).subarray(0, BOUND_BYTES);

/** The texts that begin so; and the expression itself, which matches its own pattern where it is stored as a value. */
const beginnings = (prefix: Buffer, text: string, direction: 1 | -1): KeyRange[] => {
  const ordered = orderBytes(text).subarray(0, -TERMINATOR_BYTES);
  const first = boundBytes(prefix, direction === 1 ? ordered : invert(ordered));
  const tag = Buffer.from([tagOf(/^/)]);
  const pattern = prefixRange(boundBytes(prefix, direction === 1 ? tag : invert(tag)));
  return [{ start: first, end: after(first) }, pattern];
};

/** The stretch of one type bracket between two inclusive bounds. */
const bracket = (prefix: Buffer, { lower, upper }: Constraint, direction: 1 | -1): KeyRange => {
  const tag = Buffer.from([tagOf(lower ?? upper)]);
  const low = lower === undefined ? tag : orderBytes(lower);
  const high = upper === undefined ? tag : orderBytes(upper);
  const [first, last] = direction === 1 ? [low, high] : [invert(high), invert(low)];
  return { start: boundBytes(prefix, first), end: after(boundBytes(prefix, last)) };
};

const usableRange = (constraint: Constraint | undefined, multikey: boolean): Constraint | undefined => {
  if (!constraint || (constraint.lower === undefined && constraint.upper === undefined)) return undefined;
  const { lower, upper } = constraint;
  if (lower === undefined || upper === undefined) return constraint;
  // Different elements of an array may satisfy the two bounds: only one of them can narrow the scan.
  if (multikey || tagOf(lower) !== tagOf(upper)) return { lower };
  return constraint;
};

interface Bounds {
  ranges: KeyRange[];
  /** Number of leading fields fixed to exactly one value. */
  fixed: number;
  score: number;
}

const boundsOf = (index: IndexInfo, constraints: Map<string, Constraint>): Bounds => {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let fixed = 0;
  let score = 0;
  const finish = (ranges: { start: Buffer; end: Buffer }[]): Bounds => ({
    ranges: ranges
      .map(({ start, end }) => ({ start: indexPrefix(index.id, start), end: indexPrefix(index.id, end) }))
      .sort((left, right) => Buffer.compare(left.start, right.start)),
    fixed,
    score,
  });
  for (const [at, { path, direction }] of index.fields.entries()) {
    // Entries of a multikey index pair values of one array element; a query may find them in different elements.
    const constraint = index.multikey && at > 0 ? undefined : constraints.get(path);
    const points = distinct(constraint?.points);
    if (points && points.length * prefixes.length <= MAX_RANGES) {
      prefixes = prefixes.flatMap((prefix) =>
        points.map((point) => Buffer.concat([prefix, fieldBytes(point, direction)])),
      );
      score += 10;
      if (points.length === 1 && fixed === at) fixed += 1;
      continue;
    }
    if (constraint?.prefix !== undefined) {
      const { prefix: text } = constraint;
      score += text.length >= SELECTIVE_CHARACTERS ? SELECTIVE_SCORE : UNSELECTIVE_SCORE;
      return finish(prefixes.flatMap((prefix) => beginnings(prefix, text, direction)));
    }
    const range = usableRange(constraint, index.multikey);
    if (!range) break;
    score += range.lower !== undefined && range.upper !== undefined ? 6 : 4;
    return finish(prefixes.map((prefix) => bracket(prefix, range, direction)));
  }
  return finish(prefixes.map((prefix) => prefixRange(prefix)));
};

const prefixRange = (prefix: Buffer): KeyRange => {
  const start = prefix.subarray(0, BOUND_BYTES);
  return { start, end: start.length === 0 ? Buffer.alloc(16, 0xff) : after(start) };
};

const distinct = (points: unknown[] | undefined): unknown[] | undefined => {
  if (!points) return undefined;
  const seen = new Map(points.map((point) => [orderBytes(point).toString('latin1'), point]));
  return [...seen.values()];
};

/** Whether the index's order, forwards or backwards, is the wanted one. */
const orderOf = (
  index: IndexInfo,
  sort: readonly SortField[],
  fixed: number,
): { sorted: boolean; reverse: boolean } => {
  if (sort.length === 0) return { sorted: true, reverse: false };
  if (index.multikey || index.cut) return { sorted: false, reverse: false };
  const constant = new Set(index.fields.slice(0, fixed).map(({ path }) => path));
  const wanted = sort.filter(({ path }) => !constant.has(path));
  const delivered: readonly IndexField[] = index.fields.slice(fixed);
  const reverse = wanted[0] !== undefined && wanted[0].direction !== delivered[0]?.direction;
  const sorted = wanted.every(({ path, direction }, at) => {
    const field = delivered[at];
    return field?.path === path && (field.direction === direction) !== reverse;
  });
  return { sorted, reverse: sorted && reverse };
};

/** A sparse index lacks documents without its fields, a partial one those that its filter rejects. */
const coversQuery = (index: IndexInfo, condition: Document, constraints: Map<string, Constraint>): boolean => {
  if (index.partialFilterExpression) {
    const implied = Object.entries(index.partialFilterExpression).every(
      ([path, value]) => !path.startsWith('$') && path in condition && equalValues(condition[path], value),
    );
    if (!implied) return false;
  }
  if (!index.sparse) return true;
  return index.fields.some(({ path }) => {
    const constraint = constraints.get(path);
    if (constraint?.points) return constraint.points.every((point) => point !== null);
    return [constraint?.lower, constraint?.upper, constraint?.prefix].some((bound) => bound !== undefined);
  });
};

const SORT_SCORE = 5;
/** What begins with so much is as good as found, even where another index would deliver the wanted order. */
const SELECTIVE_CHARACTERS = 4;
const SELECTIVE_SCORE = 16;
const UNSELECTIVE_SCORE = 4;

/** @param query.condition a filter in plain form. */
export const planQuery = (
  info: CollectionInfo,
  { condition, sort }: { condition: Document; sort: readonly SortField[] },
): Plan => {
  const natural = sort.length === 1 && sort[0]?.path === '$natural' ? sort[0] : undefined;
  if (natural) return { kind: 'all', reverse: natural.direction === -1, sorted: true };
  const best = bestIndex(info, { condition, sort });
  const union = unionPlan(info, condition);
  if (union && union.score > (best?.score ?? 0))
    return { kind: 'union', parts: union.parts, sorted: sort.length === 0 };
  return best?.plan ?? { kind: 'all', reverse: false, sorted: sort.length === 0 };
};

const bestIndex = (
  info: CollectionInfo,
  { condition, sort }: { condition: Document; sort: readonly SortField[] },
): { plan: Extract<Plan, { kind: 'index' }>; score: number } | undefined => {
  const constraints = collect(condition, new Map());
  let best: ReturnType<typeof bestIndex>;
  for (const index of info.indexes) {
    if (!coversQuery(index, condition, constraints)) continue;
    const { ranges, fixed, score: boundScore } = boundsOf(index, constraints);
    const { sorted, reverse } = orderOf(index, sort, fixed);
    const score = boundScore + (sorted && sort.length > 0 ? SORT_SCORE : 0);
    if (score > (best?.score ?? 0)) best = { score, plan: { kind: 'index', index, ranges, reverse, sorted } };
  }
  return best;
};

/** As good as its worst alternative; undefined when one of them has no index. */
const unionPlan = (
  info: CollectionInfo,
  condition: Document,
): { parts: readonly IndexStretch[]; score: number } | undefined => {
  const parts: IndexStretch[] = [];
  let score = Infinity;
  for (const alternative of alternativesOf(condition)) {
    const found = bestIndex(info, { condition: alternative, sort: [] });
    if (!found) return undefined;
    parts.push({ index: found.plan.index, ranges: found.plan.ranges });
    score = Math.min(score, found.score);
  }
  return parts.length > 0 ? { parts, score } : undefined;
};

/** Of the first `$or` among a filter's conditions; none when it has no such. */
const alternativesOf = (condition: Document): readonly Document[] => {
  for (const [key, value] of Object.entries(condition)) {
    if (key === '$or') return value as Document[];
    const within =
      key === '$and' ? (value as Document[]).map(alternativesOf).find(({ length }) => length > 0) : undefined;
    if (within) return within;
  }
  return [];
};
