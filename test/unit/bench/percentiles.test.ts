import { percentilesOf } from '../../bench/support/percentiles';
import { table } from '../../bench/support/report';

describe('percentiles', () => {
  it('are values that were measured, by nearest rank', () => {
    const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentilesOf(oneToHundred)).toEqual({ p50: 50, p95: 95, max: 100 });
    expect(percentilesOf([10, 30, 20])).toEqual({ p50: 20, p95: 30, max: 30 });
  });

  it('of fifty leave the two highest out of p95', () => {
    const fifty = [...Array.from({ length: 48 }, () => 100), 900, 901];
    expect(percentilesOf(fifty)).toEqual({ p50: 100, p95: 100, max: 901 });
    expect(percentilesOf([...fifty.slice(1), 902]).p95).toBe(900);
  });

  it('of one value are that value', () => {
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, max: 7 });
  });

  it('sort by number, not by text, and leave the values as they are', () => {
    const values = [9, 10, 100];
    expect(percentilesOf(values).p50).toBe(10);
    expect(values).toEqual([9, 10, 100]);
  });

  it('are rounded to the decimals asked for', () => {
    expect(percentilesOf([1.2345])).toEqual({ p50: 1.2, p95: 1.2, max: 1.2 });
    expect(percentilesOf([1.2346], 3).max).toBe(1.235);
  });

  it('do not exist when nothing was measured', () => {
    expect(() => percentilesOf([])).toThrow(RangeError);
  });
});

describe('the table', () => {
  it('has percentiles in columns and everything else below', () => {
    const text = table({
      bench: 'any',
      wait_ms: { p50: 1, p95: 22, max: 333 },
      machine: { cpu: 'x', cores: 2 },
      calls: 5,
    });
    expect(text.split('\n')).toEqual([
      '                p50       p95       max',
      'wait_ms           1        22       333',
      '',
      'bench    any',
      'machine  cpu x, cores 2',
      'calls    5',
    ]);
  });

  it('says percentiles that have no column of their own below, in full', () => {
    const lines = table({ ring_ms: { p50: 1, p95: 22, p99: 30, max: 333 } }).split('\n');
    expect(lines.at(-1)).toBe('ring_ms  p50 1, p95 22, p99 30, max 333');
  });
});
