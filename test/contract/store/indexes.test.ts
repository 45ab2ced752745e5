import { MongoServerError, ObjectId, type Document } from 'mongodb';
import { newToken } from '../../../base/ids';
import { Records } from '../../../store/embedded/engine/records';
import { isEmbedded, openDatabase, type TestDatabase } from './database';

let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const rejection = async (operation: Promise<unknown>): Promise<MongoServerError> => {
  const error: unknown = await operation.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MongoServerError);
  return error as MongoServerError;
};

test('a duplicate _id is refused with code 11000, its pattern, its value and the usual message', async () => {
  const { db } = database;
  const _id = new ObjectId('0123456789abcdef01234567');
  await db.collection('ids').insertOne({ _id });
  const error = await rejection(db.collection('ids').insertOne({ _id }));
  expect(error).toMatchObject({ code: 11000, keyPattern: { _id: 1 }, keyValue: { _id } });
  expect(error.message).toBe(
    `E11000 duplicate key error collection: ${db.databaseName}.ids index: _id_ dup key: { _id: ObjectId('0123456789abcdef01234567') }`,
  );
});

test('a unique index refuses inserts, updates and upserts, and its own creation over duplicates', async () => {
  const users = database.db.collection<{ _id: number; name?: string; team?: number }>('users');
  await users.createIndex({ name: 1, team: 1 }, { unique: true });
  await users.insertMany([{ _id: 1, name: 'anna', team: 1 }, { _id: 2, name: 'anna', team: 2 }, { _id: 3 }]);
  expect((await rejection(users.insertOne({ _id: 4, name: 'anna', team: 2 }))).keyValue).toEqual({
    name: 'anna',
    team: 2,
  });
  expect((await rejection(users.insertOne({ _id: 4 }))).code).toBe(11000);
  expect((await rejection(users.updateOne({ _id: 1 }, { $inc: { team: 1 } }))).code).toBe(11000);
  expect((await rejection(users.replaceOne({ _id: 9 }, { name: 'anna', team: 1 }, { upsert: true }))).code).toBe(11000);
  expect(await users.find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 1, name: 'anna', team: 1 },
    { _id: 2, name: 'anna', team: 2 },
    { _id: 3 },
  ]);
  expect((await rejection(users.createIndex({ name: 1 }, { unique: true }))).code).toBe(11000);
  expect(await users.indexes()).toHaveLength(2);
  await users.updateOne({ _id: 1 }, { $set: { team: 7 } });
  await users.insertOne({ _id: 5, name: 'anna', team: 1 });
  await users.deleteOne({ _id: 5 });
  await users.insertOne({ _id: 6, name: 'anna', team: 1 });
});

test.each([
  ['the beginning of a text', { name: { $regex: '^ann' } }, [1, 2]],
  ['the beginning of a text with a sign that is escaped', { name: { $regex: '^b\\+' } }, [5]],
  ['the same as an expression', { name: /^ann/ }, [1, 2]],
  ['either of two fields', { $or: [{ name: 'anna' }, { team: 3 }] }, [1, 3, 5]],
  [
    'either, beside another condition',
    { $and: [{ rank: { $lt: 4 } }, { $or: [{ name: 'ben' }, { team: 2 }] }] },
    [2, 3],
  ],
] as const)('an index leads to %s', async (_what, filter, found) => {
  const people = database.db.collection<{ _id: number; name: string; team: number; rank: number }>(newToken(6));
  await people.createIndexes([{ key: { name: 1 } }, { key: { team: -1 } }]);
  await people.insertMany([
    { _id: 1, name: 'anna', team: 1, rank: 1 },
    { _id: 2, name: 'anne', team: 2, rank: 2 },
    { _id: 3, name: 'ben', team: 3, rank: 3 },
    { _id: 4, name: 'ben', team: 4, rank: 4 },
    { _id: 5, name: 'b+', team: 3, rank: 5 },
    ...Array.from({ length: 50 }, (_, at) => ({ _id: 100 + at, name: `x${at}`, team: 100 + at, rank: 9 })),
  ]);
  const read = jest.spyOn(Records.prototype, 'read').mockClear();
  const ids = (await people.find(filter as object).toArray()).map(({ _id }) => _id);
  const documentsRead = read.mock.calls.length;
  read.mockRestore();
  expect(ids.sort((left, right) => left - right)).toEqual(found);
  if (isEmbedded) expect(documentsRead).toBeLessThanOrEqual(found.length + 1);
});

test('an unordered insert goes on after a duplicate, an ordered one stops', async () => {
  const collection = database.db.collection<{ _id: number }>('bulk');
  const batch = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
  const ordered = await rejection(collection.insertMany(batch));
  expect(ordered).toMatchObject({ code: 11000 });
  expect(await collection.countDocuments()).toBe(1);
  await rejection(collection.insertMany(batch, { ordered: false }));
  expect(await collection.countDocuments()).toBe(2);
});

test('a sparse unique index ignores documents without the field, a partial one those outside its filter', async () => {
  const collection = database.db.collection<Document & { _id: number }>('sparse');
  await collection.createIndex({ s: 1 }, { unique: true, sparse: true });
  await collection.createIndex({ p: 1 }, { unique: true, partialFilterExpression: { active: true } });
  await collection.insertMany([
    { _id: 1 },
    { _id: 2 },
    { _id: 3, s: 1, p: 1 },
    { _id: 4, s: 2, p: 1 },
    { _id: 5, s: 3, p: 1, active: true },
  ]);
  expect((await rejection(collection.insertOne({ _id: 6, s: 1 }))).code).toBe(11000);
  expect((await rejection(collection.insertOne({ _id: 6, p: 1, active: true }))).code).toBe(11000);
  expect((await rejection(collection.updateOne({ _id: 3 }, { $set: { active: true } }))).code).toBe(11000);
  expect(
    await collection
      .find({ s: null })
      .sort({ _id: 1 })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([1, 2]);
  expect(
    await collection
      .find({ p: 1 })
      .sort({ _id: 1 })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([3, 4, 5]);
  expect(
    await collection
      .find({ p: 1, active: true })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([5]);
});

test('a unique index over an array holds every element', async () => {
  const collection = database.db.collection<{ _id: number; phones: string[] }>('phones');
  await collection.createIndex({ phones: 1 }, { unique: true });
  await collection.insertOne({ _id: 1, phones: ['100', '101', '100'] });
  expect((await rejection(collection.insertOne({ _id: 2, phones: ['102', '101'] }))).code).toBe(11000);
  expect(await collection.find({ phones: '101' }).toArray()).toHaveLength(1);
  expect(await collection.find({ phones: { $gt: '0' } }).toArray()).toHaveLength(1);
});

test('two arrays in one index are refused', async () => {
  const collection = database.db.collection<Document & { _id: number }>('parallel');
  await collection.createIndex({ a: 1, b: 1 });
  expect((await rejection(collection.insertOne({ _id: 1, a: [1], b: [2] }))).code).toBe(171);
  expect(await collection.countDocuments()).toBe(0);
});

test('indexes are listed, created once and dropped', async () => {
  const collection = database.db.collection('listed');
  await collection.createIndexes([
    { key: { at: 1 }, name: 'ttl', expireAfterSeconds: 3600 },
    { key: { a: 1, b: -1 }, name: 'ab' },
  ]);
  await collection.createIndex({ a: 1, b: -1 }, { name: 'ab' });
  const indexes = await collection.indexes();
  expect(indexes.map(({ name }) => name)).toEqual(['_id_', 'ttl', 'ab']);
  expect(indexes[1]).toMatchObject({ key: { at: 1 }, expireAfterSeconds: 3600 });
  expect((await rejection(collection.createIndex({ a: 1 }, { name: 'ab' }))).code).toBe(86);
  expect((await rejection(collection.createIndex({ a: 1, b: -1 }, { name: 'other' }))).code).toBe(85);
  await collection.dropIndex('ab');
  expect((await rejection(collection.dropIndex('ab'))).code).toBe(27);
  await collection.dropIndexes();
  expect(await collection.indexes()).toHaveLength(1);
});

test('keys longer than the engine holds still find, sort and stay unique', async () => {
  const collection = database.db.collection<{ _id: number; text: string }>('long');
  await collection.createIndex({ text: 1 });
  const prefix = 'x'.repeat(3000);
  await collection.insertMany([
    { _id: 1, text: `${prefix}b` },
    { _id: 2, text: `${prefix}a` },
    { _id: 3, text: 'x' },
  ]);
  expect(await collection.find({ text: `${prefix}b` }).toArray()).toHaveLength(1);
  expect(
    await collection
      .find({ text: { $gt: `${prefix}a` } })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([1]);
  expect(
    await collection
      .find()
      .sort({ text: 1 })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([3, 2, 1]);
});
