/**
 * What exists: collections and their indexes. Entries are immutable. Writers see the changes of the transaction that is
 * being made, readers only those that have been committed, as they do with documents.
 */
import { UUID, type Binary, type Document } from 'bson';
import { CommandError } from '../errors';
import { decodeExact, encode, numberOf } from '../values/codec';
import type { IndexField } from './index-keys';
import { catalogKey, catalogRange, metaKey } from './keyspace';
import type { Storage } from './storage';

export interface IndexInfo {
  readonly id: number;
  readonly name: string;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly expireAfterSeconds?: number;
  readonly partialFilterExpression?: Document;
  /** Some document has several keys here, or one out of an array. */
  readonly multikey: boolean;
  /** Some key was too long and has been cut: entries find documents but do not sort them. */
  readonly cut: boolean;
}

export interface CollectionInfo {
  readonly id: number;
  readonly database: string;
  readonly name: string;
  readonly uuid: Binary;
  readonly indexes: readonly IndexInfo[];
}

type Entries = ReadonlyMap<string, CollectionInfo>;

export const namespaceOf = ({ database, name }: { database: string; name: string }): string => `${database}.${name}`;

const NEXT_ID = metaKey('nextId');
const MAX_INDEXES = 64;

/** @throws CommandError for names that MongoDB refuses as well. */
export const checkNamespace = (database: string, name: string): void => {
  const bad =
    database === '' || /[\s/\\."$\0]/.test(database) || database.length > 63
      ? `database name '${database}'`
      : name === '' || name.includes('$') || name.includes('\0') || name.startsWith('.') || name.startsWith('system.')
        ? `collection name '${name}'`
        : Buffer.byteLength(`${database}.${name}`) > 255
          ? `namespace '${database}.${name}' (longer than 255 bytes)`
          : undefined;
  if (bad) throw new CommandError('InvalidNamespace', `Invalid ${bad}`);
};

export class Catalog {
  private committed: Entries = new Map();
  private working: Entries = new Map();

  constructor(private readonly storage: Storage) {
    this.working = this.committed = this.load();
  }

  /** The transaction's changes have reached the disk. */
  commit(): void {
    this.committed = this.working;
  }

  /** The transaction has failed. */
  rollback(): void {
    this.working = this.committed;
  }

  /** For readers. */
  find(database: string, name: string): CollectionInfo | undefined {
    return this.committed.get(`${database}.${name}`);
  }

  all(): CollectionInfo[] {
    return [...this.committed.values()];
  }

  /** For write jobs. */
  findForWrite(database: string, name: string): CollectionInfo | undefined {
    return this.working.get(`${database}.${name}`);
  }

  allForWrite(): CollectionInfo[] {
    return [...this.working.values()];
  }

  /** Finds or creates, inside a write job. */
  ensure(database: string, name: string): CollectionInfo {
    const found = this.findForWrite(database, name);
    if (found) return found;
    checkNamespace(database, name);
    const idIndex: IndexInfo = {
      id: this.takeId(),
      name: '_id_',
      fields: [{ path: '_id', direction: 1 }],
      unique: true,
      sparse: false,
      multikey: false,
      cut: false,
    };
    const info = { id: this.takeId(), database, name, uuid: new UUID().toBinary(), indexes: [idIndex] };
    this.save(info);
    return info;
  }

  /** Writes a changed entry, inside a write job. */
  save(info: CollectionInfo): void {
    if (info.indexes.length > MAX_INDEXES) {
      throw new CommandError('CannotCreateIndex', `add index fails, too many indexes for ${namespaceOf(info)}`);
    }
    const namespace = namespaceOf(info);
    this.storage.put(catalogKey(namespace), encode(info));
    this.working = new Map(this.working).set(namespace, info);
  }

  /** Forgets an entry, inside a write job. */
  remove(info: CollectionInfo): void {
    const namespace = namespaceOf(info);
    this.storage.remove(catalogKey(namespace));
    const entries = new Map(this.working);
    entries.delete(namespace);
    this.working = entries;
  }

  /** An id that no collection or index has had, inside a write job. */
  takeId(): number {
    const stored = this.storage.get(NEXT_ID);
    const id = stored ? (numberOf(decodeExact(stored).next) ?? 1) : 1;
    this.storage.put(NEXT_ID, encode({ next: id + 1 }));
    return id;
  }

  private load(): Entries {
    const entries = new Map<string, CollectionInfo>();
    for (const key of this.storage.keys(catalogRange())) {
      const bytes = this.storage.get(key);
      if (!bytes) continue;
      const info = decodeExact(bytes) as CollectionInfo;
      entries.set(namespaceOf(info), info);
    }
    return entries;
  }
}
