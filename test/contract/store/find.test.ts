import { Binary, Decimal128, Long, ObjectId } from 'mongodb';
import { openDatabase, type TestDatabase } from './database';

let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const fill = async (name: string, documents: Record<string, unknown>[]) => {
  const collection = database.db.collection<Record<string, unknown> & { _id: number }>(name);
  await collection.insertMany(documents.map((document, at) => ({ _id: at, ...document })));
  return collection;
};

const idsOf = (documents: { _id: unknown }[]): unknown[] => documents.map(({ _id }) => _id);

describe('filters', () => {
  const documents = [
    { n: 1, text: 'alpha', tags: ['a', 'b'], sub: { x: 1 } },
    { n: 2, text: 'Beta', tags: [], sub: { x: null } },
    { n: 2.5, text: null, tags: ['b'], sub: {} },
    {
      n: '2',
      tags: [['b']],
      list: [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
      ],
    },
    { text: 'gamma', n: null, list: [{ k: 1, v: 2 }] },
    { n: [1, 5, 9], text: 'delta', when: new Date(1000) },
  ];
  const cases: [name: string, filter: Record<string, unknown>, ids: number[]][] = [
    ['equality', { n: 2 }, [1]],
    ['equality reaches into arrays', { n: 5 }, [5]],
    ['equality with a whole array', { n: [1, 5, 9] }, [5]],
    ['an array inside an array is not looked through', { tags: 'b' }, [0, 2]],
    ['null matches missing too', { text: null }, [2, 3]],
    ['null at a path', { 'sub.x': null }, [1, 2, 3, 4, 5]],
    ['a comparison stays within its type', { n: { $gte: 2 } }, [1, 2, 5]],
    ['a range over an array may be met by different elements', { n: { $gt: 6, $lt: 3 } }, [5]],
    ['strings compare with strings only', { n: { $lt: '3' } }, [3]],
    ['$in', { n: { $in: [1, '2', null] } }, [0, 3, 4, 5]],
    ['$in with a regular expression', { text: { $in: [/^a/, 'delta'] } }, [0, 5]],
    ['$nin', { n: { $nin: [1, 2] } }, [2, 3, 4]],
    ['$ne', { text: { $ne: 'alpha' } }, [1, 2, 3, 4, 5]],
    ['$exists true', { text: { $exists: true } }, [0, 1, 2, 4, 5]],
    ['$exists false', { tags: { $exists: false } }, [4, 5]],
    ['$type', { n: { $type: 'string' } }, [3]],
    ['$type number', { n: { $type: 'number' } }, [0, 1, 2, 5]],
    ['$type int and double differ', { n: { $type: 'double' } }, [2]],
    ['$regex with options', { text: { $regex: '^b', $options: 'i' } }, [1]],
    ['a regular expression as a value', { text: /a$/ }, [0, 1, 4, 5]],
    ['$size', { tags: { $size: 1 } }, [2, 3]],
    ['$all', { tags: { $all: ['a', 'b'] } }, [0]],
    ['$elemMatch binds one element', { list: { $elemMatch: { k: 1, v: 2 } } }, [4]],
    ['a path over an array does not', { 'list.k': 1, 'list.v': 2 }, [3, 4]],
    ['$elemMatch on values', { n: { $elemMatch: { $gt: 2, $lt: 6 } } }, [5]],
    ['a position in a path', { 'list.1.k': 2 }, [3]],
    ['$or', { $or: [{ n: 1 }, { text: 'gamma' }] }, [0, 4, 5]],
    ['$and with $nor', { $and: [{ text: { $exists: true } }, { $nor: [{ n: 1 }, { n: 2 }] }] }, [2, 4]],
    ['$not', { n: { $not: { $gt: 1 } } }, [0, 3, 4]],
    ['$mod', { n: { $mod: [2, 0] } }, [1, 2]],
    ['$expr', { $expr: { $eq: ['$sub.x', 1] } }, [0]],
    ['dates', { when: { $lte: new Date(1000) } }, [5]],
    ['a subdocument as a value', { sub: { x: 1 } }, [0]],
  ];

  beforeAll(() => fill('filters', documents));

  test.each(cases)('%s', async (_name, filter, ids) => {
    const found = await database.db.collection('filters').find(filter).sort({ _id: 1 }).toArray();
    expect(idsOf(found)).toEqual(ids);
  });
});

test('values of different types sort in the order of BSON types', async () => {
  const values = [
    null,
    -Infinity,
    -1.5,
    Long.fromString('-1'),
    0,
    Decimal128.fromString('0.5'),
    Long.fromString('9007199254740993'),
    Long.fromString('9007199254740995'),
    'B',
    'a',
    'é',
    '\u{1F600}',
    { a: 1 },
    { a: 2 },
    new Binary(Buffer.from([0xff])),
    new Binary(Buffer.from([0x00, 0x01])),
    new ObjectId('000000000000000000000001'),
    false,
    true,
    new Date(-5),
    new Date(5),
  ];
  const shuffled = values.map((value, at) => ({ value, at })).sort((a, b) => ((a.at * 7) % 22) - ((b.at * 7) % 22));
  const collection = database.db.collection('order');
  await collection.insertMany(shuffled.map(({ value, at }) => ({ value, at })));
  const expected = values.map((_, at) => at);
  const sorted = async () => (await collection.find().sort({ value: 1 }).toArray()).map(({ at }) => at as number);
  expect(await sorted()).toEqual(expected);
  await collection.createIndex({ value: -1 });
  expect(await sorted()).toEqual(expected);
});

test('sort, skip and limit work together, over arrays by their least and greatest element', async () => {
  const collection = await fill('paging', [{ s: [3, 9] }, { s: 4 }, { s: [] }, {}, { s: [1, 5] }, { s: 7 }]);
  const ids = async (direction: 1 | -1) => idsOf(await collection.find().sort({ s: direction, _id: 1 }).toArray());
  expect(await ids(1)).toEqual([2, 3, 4, 0, 1, 5]);
  expect(await ids(-1)).toEqual([0, 5, 4, 1, 3, 2]);
  expect(idsOf(await collection.find().sort({ s: 1, _id: 1 }).skip(2).limit(2).toArray())).toEqual([4, 0]);
});

test('projections include, exclude, slice and compute', async () => {
  const collection = await fill('projection', [
    { a: 1, b: { c: 2, d: 3 }, list: [{ x: 1, y: 2 }, { x: 3 }, 4], tags: [1, 2, 3] },
  ]);
  const project = (projection: Record<string, unknown>) => collection.findOne({ _id: 0 }, { projection });
  expect(await project({ a: 1, 'b.d': 1 })).toEqual({ _id: 0, a: 1, b: { d: 3 } });
  expect(await project({ _id: 0, 'list.x': 1 })).toEqual({ list: [{ x: 1 }, { x: 3 }] });
  expect(await project({ 'b.c': 0, list: 0, tags: 0 })).toEqual({ _id: 0, a: 1, b: { d: 3 } });
  expect(await project({ _id: 0, b: 1, tags: { $slice: 2 } })).toEqual({ b: { c: 2, d: 3 }, tags: [1, 2] });
  expect(await project({ _id: 0, list: { $elemMatch: { x: 3 } } })).toEqual({ list: [{ x: 3 }] });
  expect(await project({ _id: 0, sum: { $add: ['$a', '$b.c'] } })).toEqual({ sum: 3 });
  await expect(project({ a: 1, b: 0 })).rejects.toThrow('Cannot do exclusion on field b in inclusion projection');
});

test('count, estimated count and distinct', async () => {
  const collection = await fill('counting', [{ k: 'a' }, { k: ['b', 'a'] }, { k: null }, {}, { k: 'b' }]);
  expect(await collection.countDocuments()).toBe(5);
  expect(await collection.countDocuments({ k: 'a' })).toBe(2);
  expect(await collection.countDocuments({ k: 'zzz' })).toBe(0);
  expect(await collection.countDocuments({}, { skip: 1, limit: 3 })).toBe(3);
  expect(await collection.estimatedDocumentCount()).toBe(5);
  expect(await collection.distinct('k')).toEqual([null, 'a', 'b']);
  expect(await collection.distinct('k', { _id: { $gt: 3 } })).toEqual(['b']);
});
