import { Decimal128, Double, Int32, Long, ObjectId, Timestamp, type Document } from 'mongodb';
import { openDatabase, type TestDatabase } from './database';

let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const items = () => database.db.collection<Document & { _id: number }>('items');
let nextId = 0;

const updated = async (
  document: Document,
  update: Document | Document[],
  options: Document = {},
  filter: Document = {},
) => {
  nextId += 1;
  const _id = nextId;
  await items().insertOne({ _id, ...document });
  await items().updateOne({ _id, ...filter }, update, options);
  const { _id: found, ...rest }: Document = (await items().findOne({ _id })) ?? {};
  expect(found).toBe(_id);
  return rest;
};

const cases: [name: string, before: Document, update: Document | Document[], after: Document][] = [
  ['$set creates the path', { a: 1 }, { $set: { 'b.c': 2 } }, { a: 1, b: { c: 2 } }],
  ['$set pads an array', { a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
  ['$unset removes a field', { a: 1, b: { c: 1, d: 2 } }, { $unset: { 'b.c': '', x: '' } }, { a: 1, b: { d: 2 } }],
  ['$unset leaves a hole in an array', { a: [1, 2, 3] }, { $unset: { 'a.1': '' } }, { a: [1, null, 3] }],
  ['$inc', { n: 1 }, { $inc: { n: 2, fresh: 5 } }, { n: 3, fresh: 5 }],
  ['$mul', { n: 3 }, { $mul: { n: 2, fresh: 5 } }, { n: 6, fresh: 0 }],
  [
    '$min and $max',
    { low: 5, high: 5 },
    { $min: { low: 3 }, $max: { high: 9, fresh: 1 } },
    { low: 3, high: 9, fresh: 1 },
  ],
  ['$rename', { a: 1, b: 2 }, { $rename: { a: 'c.d', zzz: 'y' } }, { b: 2, c: { d: 1 } }],
  ['$setOnInsert does nothing to what is there', { a: 1 }, { $setOnInsert: { b: 1 }, $set: { a: 2 } }, { a: 2 }],
  ['$push', { l: [1] }, { $push: { l: 2, fresh: 1 } }, { l: [1, 2], fresh: [1] }],
  [
    '$push with $each, $position, $sort and $slice',
    { l: [{ n: 5 }] },
    { $push: { l: { $each: [{ n: 1 }, { n: 9 }], $sort: { n: -1 }, $slice: 2 } } },
    { l: [{ n: 9 }, { n: 5 }] },
  ],
  ['$push at a position', { l: [1, 4] }, { $push: { l: { $each: [2, 3], $position: 1 } } }, { l: [1, 2, 3, 4] }],
  ['$addToSet', { l: [1, { a: 1 }] }, { $addToSet: { l: { $each: [1, 2, { a: 1 }] } } }, { l: [1, { a: 1 }, 2] }],
  ['$pop', { a: [1, 2], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1], b: [2] }],
  ['$pull a value', { l: [1, 2, 1] }, { $pull: { l: 1 } }, { l: [2] }],
  ['$pull by condition', { l: [1, 5, 9] }, { $pull: { l: { $gte: 5 } } }, { l: [1] }],
  ['$pull documents', { l: [{ k: 1, x: 1 }, { k: 2 }] }, { $pull: { l: { k: 1 } } }, { l: [{ k: 2 }] }],
  ['$pullAll', { l: [1, 2, 3, 2] }, { $pullAll: { l: [2, 3] } }, { l: [1] }],
  ['$bit', { n: 12 }, { $bit: { n: { and: 10, or: 1 } } }, { n: 9 }],
  ['$[] reaches all elements', { l: [{ n: 1 }, { n: 2 }] }, { $inc: { 'l.$[].n': 10 } }, { l: [{ n: 11 }, { n: 12 }] }],
  ['a pipeline', { a: 1, b: 2 }, [{ $set: { sum: { $add: ['$a', '$b'] } } }, { $unset: 'b' }], { a: 1, sum: 3 }],
];

test.each(cases)('%s', async (_name, before, update, after) => {
  expect(await updated(before, update)).toEqual(after);
});

test('$ changes the element that the query matched', async () => {
  const document = {
    l: [
      { k: 'a', n: 1 },
      { k: 'b', n: 1 },
    ],
  };
  expect(await updated(document, { $set: { 'l.$.n': 7 } }, {}, { 'l.k': 'b' })).toEqual({
    l: [
      { k: 'a', n: 1 },
      { k: 'b', n: 7 },
    ],
  });
});

test('$[name] changes the elements that its array filter matches', async () => {
  const options = { arrayFilters: [{ 'e.n': { $gte: 2 } }] };
  expect(await updated({ l: [{ n: 1 }, { n: 2 }, { n: 3 }] }, { $set: { 'l.$[e].hit': true } }, options)).toEqual({
    l: [{ n: 1 }, { n: 2, hit: true }, { n: 3, hit: true }],
  });
});

test('$currentDate sets a date and a timestamp', async () => {
  const { at, ts } = await updated({}, { $currentDate: { at: true, ts: { $type: 'timestamp' } } });
  expect(at).toBeInstanceOf(Date);
  expect(ts).toBeInstanceOf(Timestamp);
});

test('arithmetic keeps and widens BSON types', async () => {
  await items().insertOne({ _id: -1, i: 2147483647, l: Long.fromNumber(1), d: new Double(0.5), one: new Double(1) });
  await items().updateOne({ _id: -1 }, { $inc: { i: 1, l: 1, d: 0.5 }, $set: { touched: true } });
  const found = await items().findOne({ _id: -1 }, { promoteValues: false });
  expect(found?.i).toEqual(Long.fromString('2147483648'));
  expect(found?.l).toEqual(Long.fromNumber(2));
  expect(found?.d).toEqual(new Double(1));
  expect(found?.one).toEqual(new Double(1));
});

test('BSON types survive an update of another field', async () => {
  const values = {
    long: Long.fromNumber(7),
    big: Long.fromString('9223372036854775807'),
    decimal: Decimal128.fromString('1.10'),
    int: new Int32(7),
    id: new ObjectId(),
    date: new Date(12345),
    none: null,
    binary: Buffer.from([0, 255, 1]),
    regex: /a\/b/i,
  };
  await items().insertOne({ _id: -2, ...values });
  await items().updateOne({ _id: -2 }, { $set: { other: 1 } });
  await items().updateOne({ _id: -2 }, [{ $set: { third: 2 } }]);
  const found = await items().findOne({ _id: -2 }, { promoteValues: false });
  expect(found).toMatchObject({
    long: values.long,
    big: values.big,
    decimal: values.decimal,
    int: values.int,
    id: values.id,
  });
  expect(found?.date).toEqual(values.date);
  expect(found?.none).toBeNull();
  expect(found && 'missing' in found).toBe(false);
  expect(Buffer.from((found?.binary as { buffer: Uint8Array }).buffer)).toEqual(values.binary);
});

test('upsert builds the document from the condition and the update', async () => {
  const result = await items().updateOne(
    { _id: -10, 'a.b': 1, c: { $eq: 2 }, d: { $gt: 5 } },
    { $set: { e: 3 }, $setOnInsert: { f: 4 } },
    { upsert: true },
  );
  expect(result).toMatchObject({ matchedCount: 0, upsertedCount: 1, upsertedId: -10 });
  expect(await items().findOne({ _id: -10 })).toEqual({ _id: -10, a: { b: 1 }, c: 2, e: 3, f: 4 });
  const replaced = await items().replaceOne({ _id: -11 }, { g: 1 }, { upsert: true });
  expect(replaced.upsertedId).toBe(-11);
  expect(await items().findOne({ _id: -11 })).toEqual({ _id: -11, g: 1 });
});

test('updateMany, replaceOne and the counts of what was matched and modified', async () => {
  const many = database.db.collection<{ _id: number; g: string; n?: number }>('many');
  await many.insertMany([
    { _id: 1, g: 'x', n: 1 },
    { _id: 2, g: 'x' },
    { _id: 3, g: 'y' },
  ]);
  expect(await many.updateMany({ g: 'x' }, { $set: { n: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 1 });
  expect(await many.replaceOne({ _id: 3 }, { g: 'z' })).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
  expect(await many.find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 1, g: 'x', n: 1 },
    { _id: 2, g: 'x', n: 1 },
    { _id: 3, g: 'z' },
  ]);
  expect((await many.deleteMany({ g: 'x' })).deletedCount).toBe(2);
  expect((await many.deleteOne({ g: 'nobody' })).deletedCount).toBe(0);
});

test('findOneAndUpdate, findOneAndReplace and findOneAndDelete return the document before or after', async () => {
  const jobs = database.db.collection<{ _id: number; state: string; rank: number }>('jobs');
  await jobs.insertMany([
    { _id: 1, state: 'new', rank: 2 },
    { _id: 2, state: 'new', rank: 1 },
  ]);
  expect(await jobs.findOneAndUpdate({ state: 'new' }, { $set: { state: 'taken' } }, { sort: { rank: 1 } })).toEqual({
    _id: 2,
    state: 'new',
    rank: 1,
  });
  expect(
    await jobs.findOneAndUpdate(
      { _id: 2 },
      { $inc: { rank: 1 } },
      { returnDocument: 'after', projection: { rank: 1 } },
    ),
  ).toEqual({ _id: 2, rank: 2 });
  expect(
    await jobs.findOneAndReplace({ _id: 9 }, { state: 'made', rank: 9 }, { upsert: true, returnDocument: 'after' }),
  ).toEqual({ _id: 9, state: 'made', rank: 9 });
  expect(await jobs.findOneAndDelete({ rank: { $gte: 5 } })).toEqual({ _id: 9, state: 'made', rank: 9 });
  expect(await jobs.findOneAndDelete({ rank: 99 })).toBeNull();
});

const refusals: [name: string, before: Document, update: Document, code: number][] = [
  ['an unknown operator', {}, { $frobnicate: { a: 1 } }, 9],
  ['two operators on one path', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a path and its parent', {}, { $set: { a: 1, 'a.b': 1 } }, 40],
  ['a path through a number', { a: 5 }, { $set: { 'a.b': 1 } }, 28],
  ['incrementing a string', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['pushing to a number', { a: 1 }, { $push: { a: 1 } }, 2],
  ['changing _id', {}, { $set: { _id: 'other' } }, 66],
  ['an array filter that is missing', { a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
];

test.each(refusals)('refuses %s and leaves the document alone', async (_name, before, update, code) => {
  nextId += 1;
  const _id = nextId;
  await items().insertOne({ _id, ...before });
  await expect(items().updateOne({ _id }, update)).rejects.toMatchObject({ code });
  expect(await items().findOne({ _id })).toEqual({ _id, ...before });
});
