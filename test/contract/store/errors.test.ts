import type { Document } from 'mongodb';
import { isEmbedded, openDatabase, type TestDatabase } from './database';

let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase();
  await database.db.collection('things').insertOne({ a: 1 });
});
afterAll(() => database.close());

const cases: [name: string, command: Document, code: number, names: string][] = [
  ['an unknown command', { frobnicate: 1 }, 59, 'frobnicate'],
  ['an unknown query operator', { find: 'things', filter: { a: { $frobnicate: 1 } } }, 2, '$frobnicate'],
  ['an unknown top-level operator', { find: 'things', filter: { $frobnicate: 1 } }, 2, '$frobnicate'],
  ['an unknown field of a command', { find: 'things', frobnicate: 1 }, 40415, 'frobnicate'],
  ['a filter that is no object', { find: 'things', filter: 'x' }, 14, 'filter'],
  ['a negative skip', { find: 'things', skip: -1 }, 2, 'skip'],
  ['a sort direction other than 1 and -1', { find: 'things', sort: { a: 2 } }, 2, 'sort'],
  ['a hint that names no index', { find: 'things', filter: { a: 1 }, hint: 'nobody' }, 2, 'hint'],
  ['an empty $or', { find: 'things', filter: { $or: [] } }, 2, '$or'],
  [
    'an update that mixes operators and fields',
    { update: 'things', updates: [{ q: {}, u: { $set: { a: 1 }, b: 1 } }] },
    9,
    'b',
  ],
  ['indexes of a collection that does not exist', { listIndexes: 'nowhere' }, 26, 'nowhere'],
  ['creating a collection twice', { create: 'things' }, 48, 'things'],
  ['a collection name with a dollar sign', { create: 'a$b' }, 73, 'a$b'],
  [
    'an invalid regular expression',
    { find: 'things', filter: { a: { $regex: '(' } } },
    isEmbedded ? 2 : 51091,
    'egular expression',
  ],
];

test.each(cases)('%s is refused and named', async (_name, command, code, names) => {
  const error: unknown = await database.db.command(command).then(
    (reply) => (reply.writeErrors as Document[] | undefined)?.[0] ?? reply,
    (reason: unknown) => reason,
  );
  const { code: found, errmsg, message } = error as { code: number; errmsg?: string; message?: string };
  expect(found).toBe(code);
  expect(errmsg ?? message).toContain(names);
});

const unsupported: [name: string, command: Document][] = [
  ['a collation', { find: 'things', collation: { locale: 'de' } }],
  ['a tailable cursor', { find: 'things', tailable: true }],
  ['$where', { find: 'things', filter: { $where: 'true' } }],
  ['$text', { find: 'things', filter: { $text: { $search: 'x' } } }],
  ['a text index', { createIndexes: 'things', indexes: [{ key: { a: 'text' }, name: 't' }] }],
  ['a validator', { create: 'checked', validator: { a: 1 } }],
  ['explain of an aggregation', { aggregate: 'things', pipeline: [], cursor: {}, explain: true }],
];

(isEmbedded ? test.each(unsupported) : test.each([]))(
  'the embedded store says that it does not do %s',
  async (_name, command) => {
    await expect(database.db.command(command)).rejects.toMatchObject({ code: 238, codeName: 'NotImplemented' });
  },
);

test('a document beyond 16 MB is refused', async () => {
  const bytes = Buffer.alloc(16 * 1024 * 1024);
  await expect(database.db.collection('things').insertOne({ bytes })).rejects.toThrow();
  expect(await database.db.collection('things').countDocuments()).toBe(1);
});

test('collections and databases are listed, renamed and dropped', async () => {
  const { db, client } = database;
  await db.createCollection('first');
  await db.collection('first').insertOne({ a: 1 });
  await db.renameCollection('first', 'second');
  const names = async () => (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).sort();
  expect(await names()).toEqual(['second', 'things']);
  expect(await db.listCollections({ name: 'second' }).toArray()).toHaveLength(1);
  expect(await db.collection('second').countDocuments({ a: 1 })).toBe(1);
  expect((await client.db('admin').admin().listDatabases()).databases.map(({ name }) => name)).toContain(
    db.databaseName,
  );
  await db.collection('second').drop();
  expect(await names()).toEqual(['things']);
});

test('writes without acknowledgement are carried out, and an ordinary request follows on the same connection', async () => {
  const quiet = database.db.collection('quiet', { writeConcern: { w: 0 } });
  await quiet.insertOne({ a: 1 });
  const loud = database.db.collection('quiet');
  await loud.insertOne({ a: 2 });
  for (let tries = 0; tries < 50 && (await loud.countDocuments()) < 2; tries += 1);
  expect(await loud.countDocuments()).toBe(2);
});
