/** Dotted paths into documents, with MongoDB's implicit descent into arrays. */
import type { Document } from 'bson';
import { isDocument } from './codec';

/** What a path leads to where there is nothing. */
export const MISSING = undefined;

const isIndex = (part: string): boolean => /^(0|[1-9]\d*)$/.test(part);

const has = (document: Document, key: string): boolean => Object.prototype.hasOwnProperty.call(document, key);

const descend = (value: unknown, parts: readonly string[], out: unknown[]): void => {
  if (parts.length === 0) return void out.push(value);
  const [part = '', ...rest] = parts;
  if (Array.isArray(value)) {
    if (isIndex(part) && Number(part) < value.length) descend(value[Number(part)], rest, out);
    for (const item of value) if (isDocument(item)) descend(item, parts, out);
    return;
  }
  if (isDocument(value) && has(value, part)) return descend(value[part], rest, out);
  out.push(MISSING);
};

/** Every value that a path reaches; `undefined` stands for missing. An array at the path's end is one value. */
export const valuesAt = (document: Document, path: string): unknown[] => {
  if (!path.includes('.')) return [has(document, path) ? document[path] : MISSING];
  const out: unknown[] = [];
  descend(document, path.split('.'), out);
  return out;
};

/** The values that a predicate sees at a path: those of {@link valuesAt} and, of arrays, their elements too. */
export const candidatesAt = (document: Document, path: string): unknown[] => {
  const values = valuesAt(document, path);
  if (!values.some(Array.isArray)) return values;
  return values.flatMap((value) => (Array.isArray(value) ? [value, ...(value as unknown[])] : [value]));
};
