import { Long } from 'mongodb';
import { openDatabase, type TestDatabase } from './database';

let database: TestDatabase;
const COUNT = 1000;

beforeAll(async () => {
  database = await openDatabase();
  const documents = Array.from({ length: COUNT }, (_, at) => ({ _id: at, group: at % 7, pad: 'x'.repeat(100) }));
  await database.db.collection<{ _id: number; group: number; pad: string }>('rows').insertMany(documents);
});
afterAll(() => database.close());

const rows = () => database.db.collection<{ _id: number; group: number }>('rows');

test.each([1, 2, 101, 333, COUNT, COUNT + 1])('all documents come in batches of %d, each once', async (batchSize) => {
  const ids = await rows()
    .find({}, { batchSize })
    .sort({ _id: 1 })
    .map(({ _id }) => _id)
    .toArray();
  expect(ids).toEqual(Array.from({ length: COUNT }, (_, at) => at));
});

test('batches continue through filter, descending sort, skip and limit', async () => {
  const cursor = rows().find({ group: 3 }, { batchSize: 10 }).sort({ _id: -1 }).skip(5).limit(50);
  const expected = Array.from({ length: COUNT }, (_, at) => COUNT - 1 - at)
    .filter((at) => at % 7 === 3)
    .slice(5, 55);
  expect(await cursor.map(({ _id }) => _id).toArray()).toEqual(expected);
});

test('a limit that one batch satisfies leaves no cursor', async () => {
  const { cursor } = await database.db.command({ find: 'rows', limit: 5, batchSize: 5 });
  expect((cursor as { id: Long }).id.toString()).toBe('0');
});

test('a killed cursor and an invented one are not found', async () => {
  const { db } = database;
  const opened = await db.command({ find: 'rows', batchSize: 1 }, { promoteLongs: false });
  const { id } = opened.cursor as { id: Long };
  expect(id.isZero()).toBe(false);
  const killed = await db.command({ killCursors: 'rows', cursors: [id] });
  expect(killed.cursorsKilled).toHaveLength(1);
  await expect(db.command({ getMore: id, collection: 'rows' })).rejects.toMatchObject({ code: 43 });
  await expect(db.command({ getMore: Long.fromNumber(12345), collection: 'rows' })).rejects.toMatchObject({ code: 43 });
});

test('replies stay below the largest message when documents are big', async () => {
  const big = database.db.collection<{ _id: number; bytes: Buffer }>('big');
  const bytes = Buffer.alloc(6 * 1024 * 1024, 7);
  for (const _id of [1, 2, 3, 4, 5]) await big.insertOne({ _id, bytes });
  expect(
    await big
      .find()
      .sort({ _id: 1 })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([1, 2, 3, 4, 5]);
});

test('a scan goes on while documents are added and removed', async () => {
  const moving = database.db.collection<{ _id: number }>('moving');
  await moving.insertMany(Array.from({ length: 600 }, (_, at) => ({ _id: at })));
  const seen: number[] = [];
  for await (const { _id } of moving.find({}, { batchSize: 50 })) {
    seen.push(_id);
    if (_id % 2 === 0) await moving.deleteOne({ _id: _id + 300 });
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(Array.from({ length: 300 }, (_, at) => at)));
});
