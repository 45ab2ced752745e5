/** With an index or without, a query finds the same; on plain data it finds what mingo finds. */
import { Long, ObjectId, type Document } from 'bson';
import { find } from 'mingo';
import { SeededRandom } from '../../../base/random';
import { TestEngine } from '../../unit/store/support/test-engine';

jest.setTimeout(120_000);

const SEED = 4711;
const DOCUMENTS = 200;
const QUERIES = 200;

const OIDS = Array.from({ length: 5 }, (_, at) => new ObjectId(`00000000000000000000000${at}`));

const plainValue = (random: SeededRandom): unknown =>
  random.pick([random.int(6), random.int(6) / 2, `s${random.int(5)}`, random.next() < 0.5]);

const anyValue = (random: SeededRandom): unknown =>
  random.pick<() => unknown>([
    () => plainValue(random),
    () => plainValue(random),
    () => null,
    () => new Date(random.int(5)),
    () => random.pick(OIDS),
    () => Long.fromNumber(random.int(5)),
    () => [],
    () => Array.from({ length: random.int(4) }, () => plainValue(random)),
    () => [{ c: plainValue(random) }, { c: random.int(4) }],
    () => ({ c: plainValue(random) }),
  ])();

type MakeValue = (random: SeededRandom) => unknown;

const makeDocument = (at: number, random: SeededRandom, value: MakeValue): Document => {
  const document: Document = { _id: at };
  // Only one field may hold arrays: two arrays in one index are refused.
  if (random.next() < 0.8) document.a = value(random);
  if (random.next() < 0.8) document.b = plainValue(random);
  if (random.next() < 0.5) document.d = { e: random.int(4) };
  return document;
};

const makeCondition = (random: SeededRandom, value: MakeValue): unknown => {
  const range = () => ({
    [random.pick(['$gt', '$gte'])]: plainValue(random),
    [random.pick(['$lt', '$lte'])]: plainValue(random),
  });
  return random.pick<() => unknown>([
    () => value(random),
    () => ({ $in: [plainValue(random), plainValue(random), plainValue(random)] }),
    () => ({ [random.pick(['$gt', '$gte', '$lt', '$lte', '$ne'])]: plainValue(random) }),
    range,
    () => ({ $exists: random.next() < 0.5 }),
  ])();
};

const makeFilter = (random: SeededRandom, value: MakeValue): Document => {
  const filter: Document = {};
  if (random.next() < 0.8) filter.a = makeCondition(random, value);
  if (random.next() < 0.5) filter.b = makeCondition(random, plainValue);
  if (random.next() < 0.2) filter['a.c'] = makeCondition(random, plainValue);
  if (random.next() < 0.3) filter['d.e'] = random.int(4);
  if (random.next() < 0.2) return { $and: [filter, { a: makeCondition(random, plainValue) }] };
  return filter;
};

const makeSort = (random: SeededRandom): Document => {
  const direction = (): 1 | -1 => (random.next() < 0.5 ? 1 : -1);
  return random.pick<() => Document>([
    () => ({ _id: direction() }),
    () => ({ a: direction(), _id: 1 }),
    () => ({ a: direction(), b: direction(), _id: 1 }),
    () => ({ b: direction(), _id: direction() }),
  ])();
};

const INDEXES: Document[][] = [
  [{ a: 1 }],
  [{ a: -1, b: 1 }],
  [{ b: 1, a: 1 }, { 'a.c': 1 }],
  [
    { 'd.e': 1, a: 1 },
    { b: -1, _id: -1 },
  ],
  [{ a: 1, b: 1, _id: 1 }, { a: -1 }],
];

test.each(INDEXES.map((indexes) => [JSON.stringify(indexes), indexes] as const))(
  'indexes %s find what a scan finds, in the same order',
  async (name, indexes) => {
    const random = new SeededRandom(SEED);
    const test = new TestEngine();
    const documents = Array.from({ length: DOCUMENTS }, (_, at) => makeDocument(at, random, anyValue));
    await test.fill('plain', documents);
    await test.fill('indexed', documents, indexes);
    let saved = 0;
    for (let round = 0; round < QUERIES; round += 1) {
      const filter = makeFilter(random, anyValue);
      const options = { sort: makeSort(random), limit: random.pick([0, 0, 5]) };
      const scanned = test.find('plain', filter, options);
      const indexed = test.find('indexed', filter, options);
      if (JSON.stringify(indexed.found) !== JSON.stringify(scanned.found)) {
        throw new Error(
          `seed ${SEED}, indexes ${name}, filter ${JSON.stringify(filter)}, ${JSON.stringify(options)}: ${JSON.stringify(indexed.found)} is not ${JSON.stringify(scanned.found)}`,
        );
      }
      saved += Number(indexed.looked < scanned.looked);
    }
    expect(saved).toBeGreaterThan(QUERIES / 10);
    await test.close();
  },
);

test('on numbers, strings and booleans an indexed find equals mingo on the same documents', async () => {
  const random = new SeededRandom(SEED + 1);
  const test = new TestEngine();
  const documents = Array.from({ length: DOCUMENTS }, (_, at) => makeDocument(at, random, plainValue));
  await test.fill('indexed', documents, [{ a: 1, b: 1 }, { b: 1 }]);
  for (let round = 0; round < QUERIES; round += 1) {
    const filter = makeFilter(random, plainValue);
    const ids = test.find('indexed', filter, { sort: { _id: 1 } }).found.map(({ _id }) => _id as number);
    const expected = find(documents, filter).sort({ _id: 1 }).all() as Document[];
    expect({ filter, ids }).toEqual({ filter, ids: expected.map(({ _id }) => _id as number) });
  }
  await test.close();
});

test('a query by index looks at the documents it finds and at most one beside each exclusive bound', async () => {
  const count = 20_000;
  const test = new TestEngine();
  const documents = Array.from({ length: count }, (_, at) => ({ _id: at, agent: at % 100, at: count - at }));
  await test.fill('many', documents, [{ agent: 1, at: -1 }, { at: 1 }]);
  expect(test.find('many', { _id: 17_777 })).toMatchObject({ looked: 1, found: [{ _id: 17_777 }] });
  expect(test.find('many', { _id: { $gte: 500, $lt: 600 } }).looked).toBe(101);
  expect(test.find('many', { agent: 7 }).looked).toBe(200);
  const newest = test.find('many', { agent: 7 }, { sort: { at: -1 }, limit: 3 });
  expect(newest).toMatchObject({ looked: 3, found: [{ _id: 7 }, { _id: 107 }, { _id: 207 }] });
  expect(test.find('many', {}, { sort: { at: 1 }, limit: 2 })).toMatchObject({
    looked: 2,
    found: [{ _id: 19_999 }, { _id: 19_998 }],
  });
  expect(test.find('many', { at: { $gt: 10, $lte: 20 } }, { sort: { at: -1 } }).looked).toBe(11);
  await test.close();
});
