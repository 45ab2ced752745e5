import { backOffMs } from '../../../agent-web/src/api/back-off';

describe('the back-off', () => {
  test('doubles with each failure up to 15 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => backOffMs(attempt, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
  });

  test('leaves the upper half to chance', () => {
    expect([backOffMs(4, 0), backOffMs(4, 0.5)]).toEqual([2000, 3000]);
  });

  test('stays finite however often it failed', () => {
    expect(backOffMs(100_000, 1)).toBe(15_000);
  });
});
