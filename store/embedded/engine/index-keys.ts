/** From a document to the keys under which an index holds it. */
import type { Document } from 'bson';
import { createHash } from 'node:crypto';
import { CommandError } from '../errors';
import { isDocument } from '../values/codec';
import { EMPTY_ARRAY, orderBytes } from '../values/order';

export interface IndexField {
  path: string;
  direction: 1 | -1;
}

/** LMDB holds keys of up to 1978 bytes; longer ones are cut here and told apart by a hash. */
export const MAX_KEY_BYTES = 1600;
const HASH_BYTES = 32;

type Probe = { value: unknown } | { array: unknown[]; prefix: string; rest: string };

/** Walks until the path ends or an array is met. */
const probe = (root: unknown, path: string): Probe => {
  let value = root;
  const parts = path === '' ? [] : path.split('.');
  for (let at = 0; at <= parts.length; at += 1) {
    if (Array.isArray(value)) {
      return { array: value, prefix: parts.slice(0, at).join('.'), rest: parts.slice(at).join('.') };
    }
    if (at === parts.length) break;
    const part = parts[at] ?? '';
    if (!isDocument(value) || !Object.hasOwn(value, part)) return { value: undefined };
    value = value[part];
  }
  return { value };
};

/**
 * The tuples of values of a document, one per array element where a path leads through an array.
 * @throws CommandError when two fields lead through different arrays.
 */
export const keyTuples = (root: unknown, paths: readonly string[]): unknown[][] => {
  const probes = paths.map((path) => probe(root, path));
  const arrays = probes.flatMap((found) => ('array' in found ? [found] : []));
  const first = arrays[0];
  if (!first) return [probes.map((found) => ('array' in found ? undefined : found.value))];
  const other = arrays.find(({ prefix }) => prefix !== first.prefix);
  if (other) {
    throw new CommandError(
      'CannotIndexParallelArrays',
      `cannot index parallel arrays [${other.prefix}] [${first.prefix}]`,
    );
  }
  if (first.array.length === 0) {
    return [probes.map((found) => ('array' in found ? (found.rest === '' ? EMPTY_ARRAY : undefined) : found.value))];
  }
  return first.array.flatMap((item) => elementTuples(item, probes));
};

const elementTuples = (item: unknown, probes: readonly Probe[]): unknown[][] => {
  const inner = probes.flatMap((found) => ('array' in found && found.rest !== '' ? [found.rest] : []));
  // Only documents are descended into: MongoDB does not look through an array inside an array.
  const tuples = inner.length > 0 && isDocument(item) ? keyTuples(item, inner) : [inner.map(() => undefined)];
  return tuples.map((tuple) => {
    const left = [...tuple];
    return probes.map((found) => {
      if (!('array' in found)) return found.value;
      return found.rest === '' ? item : left.shift();
    });
  });
};

const inverted = (bytes: Buffer): Buffer => {
  const out = Buffer.allocUnsafe(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) out[at] = ~bytes.readUInt8(at);
  return out;
};

/** One value's part of an index key. */
export const fieldBytes = (value: unknown, direction: 1 | -1): Buffer => {
  const bytes = orderBytes(value);
  return direction === 1 ? bytes : inverted(bytes);
};

export interface EncodedKey {
  bytes: Buffer;
  /** The key was too long and has been cut: its place among its neighbours is not exact. */
  cut: boolean;
}

export const cutKey = (bytes: Buffer): EncodedKey => {
  if (bytes.length <= MAX_KEY_BYTES) return { bytes, cut: false };
  const hash = createHash('sha256').update(bytes).digest();
  return { bytes: Buffer.concat([bytes.subarray(0, MAX_KEY_BYTES - HASH_BYTES), hash]), cut: true };
};

export interface DocumentKeys {
  keys: EncodedKey[];
  /** The document has more than one key, or its key comes out of an array. */
  multikey: boolean;
}

/** The keys of a document in an index; none when a sparse index passes over it. */
export const documentKeys = (
  document: Document,
  fields: readonly IndexField[],
  { sparse }: { sparse: boolean },
): DocumentKeys => {
  const paths = fields.map(({ path }) => path);
  const tuples = keyTuples(document, paths);
  if (sparse && tuples.every((tuple) => tuple.every((value) => value === undefined)))
    return { keys: [], multikey: false };
  const seen = new Map<string, EncodedKey>();
  for (const tuple of tuples) {
    const key = cutKey(Buffer.concat(tuple.map((value, at) => fieldBytes(value, fields[at]?.direction ?? 1))));
    seen.set(key.bytes.toString('latin1'), key);
  }
  const multikey = paths.some((path) => 'array' in probe(document, path));
  return { keys: [...seen.values()], multikey };
};
