/** Sorting in MongoDB's order. The sort key of an array is its least element ascending, its greatest descending. */
import type { Document } from 'bson';
import { CommandError, notImplemented } from '../errors';
import { isDocument, numberOf } from '../values/codec';
import { EMPTY_ARRAY, orderBytes } from '../values/order';
import { valuesAt } from '../values/paths';

export interface SortField {
  path: string;
  direction: 1 | -1;
}

/** @throws CommandError for a direction other than 1 or -1, or `$meta`. */
export const parseSort = (spec: unknown): SortField[] => {
  if (spec === undefined || spec === null) return [];
  if (!isDocument(spec)) throw new CommandError('TypeMismatch', 'sort must be an object');
  return Object.entries(spec).map(([path, value]) => {
    if (isDocument(value)) throw notImplemented(`the sort key ${path}: ${JSON.stringify(value)}`);
    const direction = numberOf(value);
    if (direction !== 1 && direction !== -1) {
      throw new CommandError(
        'BadValue',
        `$sort key ordering must be 1 (for ascending) or -1 (for descending), not ${path}: ${String(value)}`,
      );
    }
    if (path === '' || (path.startsWith('$') && path !== '$natural')) {
      throw new CommandError('BadValue', `FieldPath field names may not start with '$' or be empty: '${path}'`);
    }
    return { path, direction };
  });
};

const keyOf = (document: Document, { path, direction }: SortField): Buffer => {
  const candidates = valuesAt(document, path).flatMap((value) => {
    if (!Array.isArray(value)) return [value];
    return value.length === 0 ? [EMPTY_ARRAY] : (value as unknown[]);
  });
  const keys = (candidates.length === 0 ? [undefined] : candidates).map(orderBytes);
  return keys.reduce((best, key) => (Buffer.compare(key, best) * direction < 0 ? key : best));
};

/** The bytes that stand for a document in a sort, one per field. */
export const sortKeys = (document: Document, fields: readonly SortField[]): Buffer[] =>
  fields.map((field) => keyOf(document, field));

export const compareSortKeys = (
  left: readonly Buffer[],
  right: readonly Buffer[],
  fields: readonly SortField[],
): number => {
  for (const [at, { direction }] of fields.entries()) {
    const order = Buffer.compare(left[at] as Buffer, right[at] as Buffer) * direction;
    if (order !== 0) return order;
  }
  return 0;
};

/** Sorts by a specification such as `{queue: 1, startedAtMs: -1}`; equal documents keep their order. */
export const sortDocuments = (documents: readonly Document[], spec: unknown): Document[] => {
  const fields = parseSort(spec);
  if (fields.length === 0) throw new CommandError('BadValue', '$sort stage must have at least one sort key');
  return documents
    .map((document) => ({ document, keys: sortKeys(document, fields) }))
    .sort((left, right) => compareSortKeys(left.keys, right.keys, fields))
    .map(({ document }) => document);
};
