/** Creating, listing, renaming and dropping collections and databases. */
import { Long, type Document } from 'bson';
import { checkNamespace, namespaceOf, type CollectionInfo } from '../engine/catalog';
import { documentRange } from '../engine/keyspace';
import { CommandError } from '../errors';
import { compileFilter } from '../query/filter';
import { encode } from '../values/codec';
import { encodeBatch } from '../wire/cursor-reply';
import type { Command } from './command';

export const create: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  args.refuse(
    'capped',
    'timeseries',
    'viewOn',
    'pipeline',
    'validator',
    'collation',
    'clusteredIndex',
    'changeStreamPreAndPostImages',
    'expireAfterSeconds',
    'encryptedFields',
  );
  args.ignore(
    'autoIndexId',
    'idIndex',
    'size',
    'max',
    'storageEngine',
    'indexOptionDefaults',
    'validationLevel',
    'validationAction',
  );
  args.finish();
  return engine.storage.write(() => {
    if (engine.catalog.findForWrite(database, name)) {
      throw new CommandError('NamespaceExists', `Collection ${database}.${name} already exists.`);
    }
    engine.catalog.ensure(database, name);
    return {};
  });
};

export const drop: Command = (args, { engine }) => {
  const database = args.database();
  const name = args.collection();
  args.finish();
  return engine.storage.write(() => {
    const info = engine.catalog.findForWrite(database, name);
    if (!info) return {}; // MongoDB 7 answers ok for a collection that is not there.
    engine.records.dropCollection(info);
    return { nIndexesWas: info.indexes.length, ns: namespaceOf(info) };
  });
};

export const dropDatabase: Command = (args, { engine }) => {
  const database = args.database();
  args.ignore('dropDatabase');
  args.finish();
  return engine.storage.write(() => {
    for (const info of engine.catalog.allForWrite())
      if (info.database === database) engine.records.dropCollection(info);
    return { dropped: database };
  });
};

const split = (namespace: string | undefined): [database: string, name: string] => {
  const dot = namespace?.indexOf('.') ?? -1;
  if (!namespace || dot < 0)
    throw new CommandError('InvalidNamespace', `Invalid namespace specified '${namespace ?? ''}'`);
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
};

export const renameCollection: Command = (args, { engine }) => {
  const [database, name] = split(args.text('renameCollection'));
  const [toDatabase, toName] = split(args.text('to'));
  const dropTarget = args.flag('dropTarget');
  args.finish();
  checkNamespace(toDatabase, toName);
  return engine.storage.write(() => {
    const info = engine.catalog.findForWrite(database, name);
    if (!info) throw new CommandError('NamespaceNotFound', `Source collection ${database}.${name} does not exist`);
    const target = engine.catalog.findForWrite(toDatabase, toName);
    if (target?.id === info.id) throw new CommandError('BadValue', "Can't rename a collection to itself");
    if (target && !dropTarget) throw new CommandError('NamespaceExists', 'target namespace exists');
    if (target) engine.records.dropCollection(target);
    engine.catalog.remove(info);
    engine.catalog.save({ ...info, database: toDatabase, name: toName });
    return {};
  });
};

const describe = (info: CollectionInfo, nameOnly: boolean): Document => ({
  name: info.name,
  type: 'collection',
  ...(!nameOnly && {
    options: {},
    info: { readOnly: false, uuid: info.uuid },
    idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
  }),
});

export const listCollections: Command = (args, { engine }) => {
  const database = args.database();
  const filter = compileFilter(args.document('filter'));
  const nameOnly = args.flag('nameOnly');
  args.ignore('listCollections', 'cursor', 'authorizedCollections');
  args.finish();
  const documents = engine.catalog
    .all()
    .filter((info) => info.database === database && filter.test(describe(info, false)))
    .map((info) => encode(describe(info, nameOnly)));
  return encodeBatch({
    field: 'firstBatch',
    documents,
    cursorId: Long.ZERO,
    namespace: `${database}.$cmd.listCollections`,
  });
};

export const listDatabases: Command = (args, { engine }) => {
  const filter = compileFilter(args.document('filter'));
  const nameOnly = args.flag('nameOnly');
  args.ignore('listDatabases', 'authorizedDatabases');
  args.finish();
  const documentsOf = new Map<string, number>();
  for (const info of engine.catalog.all()) {
    documentsOf.set(
      info.database,
      (documentsOf.get(info.database) ?? 0) + engine.storage.count(documentRange(info.id)),
    );
  }
  const databases = [...documentsOf].map(([name, documents]) =>
    nameOnly ? { name } : { name, empty: documents === 0 },
  );
  return { databases: databases.filter((entry) => filter.test(entry)) };
};
