/** createIndexes, listIndexes and dropIndexes. */
import { Long, type Document } from 'bson';
import { namespaceOf, type CollectionInfo, type IndexInfo } from '../engine/catalog';
import type { IndexField } from '../engine/index-keys';
import { CommandError, notImplemented } from '../errors';
import { compileFilter } from '../query/filter';
import { encode, isDocument, numberOf } from '../values/codec';
import { equalValues } from '../values/order';
import { encodeBatch } from '../wire/cursor-reply';
import type { Command } from './command';

const KNOWN = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'expireAfterSeconds',
  'partialFilterExpression',
  'background',
  'v',
  'ns',
  'hidden',
]);

const parseFields = (key: unknown): IndexField[] => {
  if (!isDocument(key) || Object.keys(key).length === 0)
    throw new CommandError('CannotCreateIndex', 'Index keys cannot be an empty object.');
  return Object.entries(key).map(([path, value]) => {
    const direction = numberOf(value);
    if (direction !== 1 && direction !== -1)
      throw notImplemented(`an index of the kind {${path}: ${JSON.stringify(value)}}`);
    if (path.split('.').some((part) => part === '' || part.startsWith('$') || /^\d+$/.test(part)))
      throw notImplemented(`an index on the path '${path}'`);
    return { path, direction };
  });
};

const keyPattern = ({ fields }: Pick<IndexInfo, 'fields'>): Document =>
  Object.fromEntries(fields.map(({ path, direction }) => [path, direction]));

const parseIndex = (spec: unknown): Omit<IndexInfo, 'id'> => {
  if (!isDocument(spec)) throw new CommandError('TypeMismatch', 'an index specification must be an object');
  const unknown = Object.keys(spec).find((field) => !KNOWN.has(field));
  if (unknown) throw notImplemented(`the index option '${unknown}'`);
  const fields = parseFields(spec.key);
  const { name } = spec;
  if (typeof name !== 'string' || name === '')
    throw new CommandError('FailedToParse', "The 'name' field is a required property of an index specification");
  const expireAfterSeconds = spec.expireAfterSeconds === undefined ? undefined : numberOf(spec.expireAfterSeconds);
  if ('expireAfterSeconds' in spec && (expireAfterSeconds === undefined || expireAfterSeconds < 0)) {
    throw new CommandError('CannotCreateIndex', 'TTL index expireAfterSeconds must be a non-negative number');
  }
  if (expireAfterSeconds !== undefined && fields.length > 1)
    throw new CommandError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL',
    );
  const partial = spec.partialFilterExpression as unknown;
  if (partial !== undefined) compileFilter(partial);
  return {
    name,
    fields,
    unique: Boolean(spec.unique),
    sparse: Boolean(spec.sparse),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    ...(partial !== undefined && { partialFilterExpression: partial as Document }),
    multikey: false,
    cut: false,
  };
};

const optionsOf = ({
  unique,
  sparse,
  expireAfterSeconds,
  partialFilterExpression,
}: Omit<IndexInfo, 'id'>): Document => ({
  unique,
  sparse,
  expireAfterSeconds: expireAfterSeconds ?? null,
  partialFilterExpression: partialFilterExpression ?? null,
});

/** @returns true when there is exactly this index already. @throws CommandError when another one is in its way. */
const exists = (info: CollectionInfo, wanted: Omit<IndexInfo, 'id'>): boolean => {
  const sameKey = (index: IndexInfo): boolean =>
    JSON.stringify(keyPattern(index)) === JSON.stringify(keyPattern(wanted));
  if (JSON.stringify(keyPattern(wanted)) === '{"_id":1}') return true;
  const named = info.indexes.find(({ name }) => name === wanted.name);
  if (named && (!sameKey(named) || !equalValues(optionsOf(named), optionsOf(wanted)))) {
    throw new CommandError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index '${wanted.name}' but different keys or options`,
    );
  }
  const keyed = info.indexes.find((index) => sameKey(index) && index.name !== wanted.name);
  if (keyed)
    throw new CommandError('IndexOptionsConflict', `Index already exists with a different name: ${keyed.name}`);
  return named !== undefined;
};

export const createIndexes: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const wanted = (args.list('indexes') ?? []).map(parseIndex);
  args.ignore('commitQuorum', 'ignoreUnknownIndexOptions');
  args.finish();
  if (wanted.length === 0) throw new CommandError('BadValue', 'Must specify at least one index to create');
  return engine.storage.write(() => {
    const createdCollectionAutomatically = engine.catalog.findForWrite(database, name) === undefined;
    let info = engine.catalog.ensure(database, name);
    const numIndexesBefore = info.indexes.length;
    const missing = wanted.filter((index) => !exists(info, index));
    for (const index of missing) {
      if (!exists(info, index)) info = engine.records.buildIndex(info, { id: engine.catalog.takeId(), ...index });
    }
    return { numIndexesBefore, numIndexesAfter: info.indexes.length, createdCollectionAutomatically };
  });
};

const describe = (index: IndexInfo): Document => ({
  v: 2,
  key: keyPattern(index),
  name: index.name,
  ...(index.unique && index.name !== '_id_' && { unique: true }),
  ...(index.sparse && { sparse: true }),
  ...(index.expireAfterSeconds !== undefined && { expireAfterSeconds: index.expireAfterSeconds }),
  ...(index.partialFilterExpression && { partialFilterExpression: index.partialFilterExpression }),
});

export const listIndexes: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  args.ignore('cursor');
  args.finish();
  const info = engine.catalog.find(database, name);
  if (!info) throw new CommandError('NamespaceNotFound', `ns does not exist: ${database}.${name}`);
  const documents = info.indexes.map((index) => encode(describe(index)));
  return encodeBatch({ field: 'firstBatch', documents, cursorId: Long.ZERO, namespace: namespaceOf(info) });
};

const chosen = (info: CollectionInfo, which: unknown): IndexInfo[] => {
  if (which === '*') return info.indexes.filter(({ name }) => name !== '_id_');
  const one = (wanted: unknown): IndexInfo => {
    const index = info.indexes.find((candidate) =>
      isDocument(wanted) ? JSON.stringify(keyPattern(candidate)) === JSON.stringify(wanted) : candidate.name === wanted,
    );
    if (!index)
      throw new CommandError(
        'IndexNotFound',
        `index not found with name [${typeof wanted === 'string' ? wanted : JSON.stringify(wanted)}]`,
      );
    if (index.name === '_id_') throw new CommandError('InvalidOptions', 'cannot drop _id index');
    return index;
  };
  return (Array.isArray(which) ? which : [which]).map(one);
};

export const dropIndexes: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  const which = args.take('index');
  args.finish();
  return engine.storage.write(() => {
    let info = engine.catalog.findForWrite(database, name);
    if (!info) throw new CommandError('NamespaceNotFound', `ns not found ${database}.${name}`);
    const nIndexesWas = info.indexes.length;
    for (const index of chosen(info, which)) info = engine.records.dropIndex(info, index);
    return { nIndexesWas };
  });
};
