import { Binary, type Document } from 'mongodb';
import { openDatabase, type TestDatabase } from './database';

let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase();
  await database.db.collection<Document & { _id: number }>('calls').insertMany([
    { _id: 1, queue: 'support', agent: 'a1', talkMs: 1000, tags: ['x', 'y'], at: new Date('2026-01-01T10:00:00Z') },
    { _id: 2, queue: 'support', agent: 'a2', talkMs: 3000, tags: ['x'], at: new Date('2026-01-01T11:00:00Z') },
    { _id: 3, queue: 'sales', agent: 'a1', talkMs: 500, tags: [], at: new Date('2026-01-02T10:00:00Z') },
    { _id: 4, queue: 'sales', agent: null, at: new Date('2026-01-02T12:00:00Z') },
  ]);
  await database.db.collection<Document & { _id: string }>('agents').insertMany([
    { _id: 'a1', name: 'Anna' },
    { _id: 'a2', name: 'Bo' },
  ]);
});
afterAll(() => database.close());

const run = (...pipeline: Document[]) => database.db.collection('calls').aggregate(pipeline).toArray();

const cases: [name: string, pipeline: Document[], result: Document[]][] = [
  [
    '$group with $sum, $avg, $max and $push',
    [
      {
        $group: {
          _id: '$queue',
          calls: { $sum: 1 },
          total: { $sum: '$talkMs' },
          mean: { $avg: '$talkMs' },
          longest: { $max: '$talkMs' },
          ids: { $push: '$_id' },
        },
      },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: 'sales', calls: 2, total: 500, mean: 500, longest: 500, ids: [3, 4] },
      { _id: 'support', calls: 2, total: 4000, mean: 2000, longest: 3000, ids: [1, 2] },
    ],
  ],
  [
    '$match, $sort, $skip and $limit',
    [
      { $match: { talkMs: { $gt: 0 } } },
      { $sort: { talkMs: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { talkMs: 1 } },
    ],
    [{ _id: 1, talkMs: 1000 }],
  ],
  [
    '$unwind',
    [{ $unwind: '$tags' }, { $group: { _id: '$tags', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
    [
      { _id: 'x', n: 2 },
      { _id: 'y', n: 1 },
    ],
  ],
  [
    '$lookup over another collection',
    [
      { $match: { _id: { $in: [1, 4] } } },
      { $lookup: { from: 'agents', localField: 'agent', foreignField: '_id', as: 'who' } },
      { $project: { who: 1 } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: 1, who: [{ _id: 'a1', name: 'Anna' }] },
      { _id: 4, who: [] },
    ],
  ],
  ['$count', [{ $match: { queue: 'sales' } }, { $count: 'n' }], [{ n: 2 }]],
  [
    '$facet',
    [{ $facet: { few: [{ $sort: { _id: 1 } }, { $limit: 1 }, { $project: { _id: 1 } }], n: [{ $count: 'n' }] } }],
    [{ few: [{ _id: 1 }], n: [{ n: 4 }] }],
  ],
  [
    '$addFields with a date part',
    [{ $match: { _id: 3 } }, { $addFields: { day: { $dayOfMonth: '$at' } } }, { $project: { _id: 0, day: 1 } }],
    [{ day: 2 }],
  ],
  ['$sortByCount', [{ $match: { agent: 'a1' } }, { $sortByCount: '$agent' }], [{ _id: 'a1', count: 2 }]],
  [
    '$bucket',
    [
      { $bucket: { groupBy: '$talkMs', boundaries: [0, 1000, 5000], default: 'none', output: { n: { $sum: 1 } } } },
      { $sort: { n: -1, _id: 1 } },
    ],
    [
      { _id: 1000, n: 2 },
      { _id: 0, n: 1 },
      { _id: 'none', n: 1 },
    ],
  ],
  [
    '$setWindowFields',
    [
      { $setWindowFields: { partitionBy: '$queue', sortBy: { at: 1 }, output: { nth: { $documentNumber: {} } } } },
      { $sort: { _id: 1 } },
      { $project: { nth: 1 } },
    ],
    [
      { _id: 1, nth: 1 },
      { _id: 2, nth: 2 },
      { _id: 3, nth: 1 },
      { _id: 4, nth: 2 },
    ],
  ],
  [
    '$unionWith',
    [
      { $project: { _id: 1 } },
      { $unionWith: { coll: 'agents', pipeline: [{ $project: { _id: 1 } }] } },
      { $count: 'n' },
    ],
    [{ n: 6 }],
  ],
  ['$replaceRoot', [{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: { agent: '$agent' } } }], [{ agent: 'a1' }]],
];

test.each(cases)('%s', async (_name, pipeline, result) => {
  expect(await run(...pipeline)).toEqual(result);
});

test('$group tells binary values apart by their bytes', async () => {
  const collection = database.db.collection('binaries');
  const bytes = [[0xff], [0xfe], [0xff]].map((content) => new Binary(Buffer.from(content)));
  await collection.insertMany(bytes.map((key) => ({ key })));
  const groups = await collection
    .aggregate([{ $group: { _id: '$key', n: { $sum: 1 } } }, { $sort: { n: 1 } }])
    .toArray();
  expect(groups.map(({ n }) => n as number)).toEqual([1, 2]);
});

test('results longer than a batch come through a cursor', async () => {
  const collection = database.db.collection('many');
  await collection.insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
  const found = await collection
    .aggregate([{ $addFields: { twice: { $multiply: ['$n', 2] } } }], { batchSize: 7 })
    .toArray();
  expect(found).toHaveLength(500);
});

test('$out replaces a collection and $merge merges into one', async () => {
  const { db } = database;
  await db
    .collection('calls')
    .aggregate([{ $group: { _id: '$queue', n: { $sum: 1 } } }, { $out: 'totals' }])
    .toArray();
  expect(await db.collection('totals').find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 'sales', n: 2 },
    { _id: 'support', n: 2 },
  ]);
  await db
    .collection('calls')
    .aggregate([
      { $match: { queue: 'sales' } },
      { $group: { _id: '$queue', total: { $sum: '$talkMs' } } },
      { $merge: { into: 'totals' } },
    ])
    .toArray();
  expect(await db.collection('totals').find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 'sales', n: 2, total: 500 },
    { _id: 'support', n: 2 },
  ]);
});

test('an unknown stage and an unknown expression are refused by name', async () => {
  await expect(run({ $frobnicate: {} })).rejects.toMatchObject({ code: 40324 });
  await expect(run({ $project: { a: { $frobnicate: 1 } } })).rejects.toThrow('$frobnicate');
});
