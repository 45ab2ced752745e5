import { SeededRandom } from '../../../base/random';

const DRAWS = 20_000;
const draw = <Value>(next: () => Value): Value[] => Array.from({ length: DRAWS }, next);
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('seeded randomness', () => {
  test('repeats itself with the same seed and differs with another', () => {
    const first = (seed: number): number[] => {
      const random = new SeededRandom(seed);
      return [random.next(), random.next(), random.next()];
    };
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
  });

  test.each([0, 1, 42, 0xffffffff])('with seed %i spreads evenly over [0, 1)', (seed) => {
    const random = new SeededRandom(seed);
    const values = draw(() => random.next());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const value of values) tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] ?? 0) + 1;
    // Five standard deviations of a binomial count are about 212.
    for (const count of tenths) expect(Math.abs(count - DRAWS / 10)).toBeLessThan(212);
  });

  test('neighbouring draws do not follow each other', () => {
    const random = new SeededRandom(3);
    const values = draw(() => random.next() - 0.5);
    const products = values.slice(1).map((value, index) => value * (values[index] ?? 0));
    expect(Math.abs(meanOf(products) * 12)).toBeLessThan(0.04);
  });

  test('whole numbers and picks reach every value and nothing beyond', () => {
    const random = new SeededRandom(5);
    expect(new Set(draw(() => random.int(6)))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(new Set(draw(() => random.pick(['udp', 'tcp', 'ws'])))).toEqual(new Set(['udp', 'tcp', 'ws']));
  });

  test('exponential draws have the mean they were given, and their median at ln 2 of it', () => {
    const random = new SeededRandom(9);
    const values = draw(() => random.exponential(180)).sort((a, b) => a - b);
    expect(values[0]).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(values.at(-1))).toBe(true);
    expect(Math.abs(meanOf(values) - 180)).toBeLessThan(7);
    expect(Math.abs((values[DRAWS / 2] ?? 0) - 180 * Math.LN2)).toBeLessThan(7);
  });
});
