/** Documents with their index entries: one change of one document, checked completely before anything is written. */
import type { Document } from 'bson';
import { CommandError } from '../errors';
import { compileFilter, type Filter } from '../query/filter';
import { decodeExact, encode } from '../values/codec';
import type { Catalog, CollectionInfo, IndexInfo } from './catalog';
import { namespaceOf } from './catalog';
import { describeKey } from './describe-key';
import { documentKeys, keyTuples, type DocumentKeys } from './index-keys';
import { after, documentKey, documentRange, indexKey, indexPrefix, indexRange, recordIdOf } from './keyspace';
import type { Storage } from './storage';

interface IndexChange {
  index: IndexInfo;
  add: Buffer[];
  remove: Buffer[];
  found: DocumentKeys;
}

const textOf = (key: Buffer): string => key.toString('latin1');

const NO_KEYS: DocumentKeys = { keys: [], multikey: false };

const duplicate = (info: CollectionInfo, index: IndexInfo, document: Document): CommandError => {
  const paths = index.fields.map(({ path }) => path);
  const tuple = keyTuples(document, paths)[0] ?? [];
  const keyPattern = Object.fromEntries(index.fields.map(({ path, direction }) => [path, direction]));
  const keyValue = Object.fromEntries(paths.map((path, at) => [path, tuple[at] ?? null]));
  const message = `E11000 duplicate key error collection: ${namespaceOf(info)} index: ${index.name} dup key: ${describeKey(keyValue)}`;
  return new CommandError('DuplicateKey', message, { keyPattern, keyValue });
};

export class Records {
  private readonly storage: Storage;
  private readonly catalog: Catalog;
  private readonly nextRecordIds = new Map<number, number>();
  private readonly partialFilters = new WeakMap<IndexInfo, Filter>();

  constructor({ storage, catalog }: { storage: Storage; catalog: Catalog }) {
    this.storage = storage;
    this.catalog = catalog;
  }

  read(info: CollectionInfo, recordId: number): Buffer | undefined {
    return this.storage.get(documentKey(info.id, recordId));
  }

  /** Adds a document. @param bytes its BSON, which is kept as it is. @throws CommandError for a duplicate key. */
  insert(info: CollectionInfo, document: Document, bytes = encode(document)): CollectionInfo {
    const changes = info.indexes.map((index) => this.change(index, undefined, document));
    this.checkUnique(info, changes, { document, recordId: -1 });
    const recordId = this.takeRecordId(info);
    this.storage.put(documentKey(info.id, recordId), bytes);
    return this.apply(info, changes, recordId);
  }

  /** Puts `next` in the place of `previous`. @throws CommandError for a duplicate key. */
  replace(
    info: CollectionInfo,
    recordId: number,
    { previous, next }: { previous: Document; next: Document },
  ): CollectionInfo {
    const bytes = encode(next);
    const changes = info.indexes.map((index) => this.change(index, previous, next));
    this.checkUnique(info, changes, { document: next, recordId });
    this.storage.put(documentKey(info.id, recordId), bytes);
    return this.apply(info, changes, recordId);
  }

  remove(info: CollectionInfo, recordId: number, document: Document): void {
    const changes = info.indexes.map((index) => this.change(index, document, undefined));
    this.storage.remove(documentKey(info.id, recordId));
    this.apply(info, changes, recordId);
  }

  /** Adds an index and fills it. @throws CommandError when its documents break its rule; nothing is written then. */
  buildIndex(info: CollectionInfo, index: IndexInfo): CollectionInfo {
    const entries: { key: Buffer; recordId: number }[] = [];
    const owners = new Map<string, number>();
    let { multikey, cut } = index;
    for (const key of this.storage.keys(documentRange(info.id))) {
      const bytes = this.storage.get(key);
      if (!bytes) continue;
      const document = decodeExact(bytes);
      const recordId = recordIdOf(key);
      const found = this.keysFor(index, document);
      multikey ||= found.multikey;
      for (const { bytes: values, cut: wasCut } of found.keys) {
        cut ||= wasCut;
        const text = index.unique ? values.toString('latin1') : '';
        if (index.unique && owners.has(text) && owners.get(text) !== recordId) throw duplicate(info, index, document);
        if (index.unique) owners.set(text, recordId);
        entries.push({ key: indexPrefix(index.id, values), recordId });
      }
    }
    for (const { key, recordId } of entries) this.storage.put(indexKey(key, recordId), Buffer.alloc(0));
    const changed = { ...info, indexes: [...info.indexes, { ...index, multikey, cut }] };
    this.catalog.save(changed);
    return changed;
  }

  dropIndex(info: CollectionInfo, index: IndexInfo): CollectionInfo {
    this.clear(indexRange(index.id));
    const changed = { ...info, indexes: info.indexes.filter(({ id }) => id !== index.id) };
    this.catalog.save(changed);
    return changed;
  }

  dropCollection(info: CollectionInfo): void {
    this.clear(documentRange(info.id));
    for (const { id } of info.indexes) this.clear(indexRange(id));
    this.nextRecordIds.delete(info.id);
    this.catalog.remove(info);
  }

  /** The filter of a partial index, compiled once. */
  partialFilter(index: IndexInfo): Filter | undefined {
    if (!index.partialFilterExpression) return undefined;
    let filter = this.partialFilters.get(index);
    if (!filter) this.partialFilters.set(index, (filter = compileFilter(index.partialFilterExpression)));
    return filter;
  }

  private clear(range: { start: Buffer; end: Buffer }): void {
    for (const key of this.storage.keys(range)) this.storage.remove(key);
  }

  private keysFor(index: IndexInfo, document: Document): DocumentKeys {
    const filter = this.partialFilter(index);
    if (filter && !filter.test(document)) return NO_KEYS;
    return documentKeys(document, index.fields, index);
  }

  private change(index: IndexInfo, previous: Document | undefined, next: Document | undefined): IndexChange {
    const before = (previous ? this.keysFor(index, previous) : NO_KEYS).keys.map(({ bytes }) => bytes);
    const found = next ? this.keysFor(index, next) : NO_KEYS;
    const now = found.keys.map(({ bytes }) => bytes);
    const missingFrom = (others: Buffer[]) => {
      const known = new Set(others.map(textOf));
      return (key: Buffer) => !known.has(textOf(key));
    };
    return { index, found, add: now.filter(missingFrom(before)), remove: before.filter(missingFrom(now)) };
  }

  private checkUnique(
    info: CollectionInfo,
    changes: IndexChange[],
    own: { document: Document; recordId: number },
  ): void {
    for (const { index, add } of changes) {
      if (!index.unique) continue;
      for (const values of add) {
        const start = indexPrefix(index.id, values);
        for (const key of this.storage.keys({ start, end: after(start) })) {
          if (key.length === start.length + 6 && recordIdOf(key) !== own.recordId)
            throw duplicate(info, index, own.document);
        }
      }
    }
  }

  private apply(info: CollectionInfo, changes: IndexChange[], recordId: number): CollectionInfo {
    for (const { index, add, remove } of changes) {
      for (const values of remove) this.storage.remove(indexKey(indexPrefix(index.id, values), recordId));
      for (const values of add) this.storage.put(indexKey(indexPrefix(index.id, values), recordId), Buffer.alloc(0));
    }
    const learned = changes.some(
      ({ index, found }) => (found.multikey && !index.multikey) || (!index.cut && found.keys.some(({ cut }) => cut)),
    );
    if (!learned) return info;
    const indexes = changes.map(({ index, found }) => ({
      ...index,
      multikey: index.multikey || found.multikey,
      cut: index.cut || found.keys.some(({ cut }) => cut),
    }));
    const changed = { ...info, indexes };
    this.catalog.save(changed);
    return changed;
  }

  private takeRecordId(info: CollectionInfo): number {
    let next = this.nextRecordIds.get(info.id);
    if (next === undefined) {
      const last = this.storage.keys(documentRange(info.id), true).next();
      next = last.done ? 1 : recordIdOf(last.value) + 1;
    }
    this.nextRecordIds.set(info.id, next + 1);
    return next;
  }
}
