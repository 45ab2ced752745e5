/** What a benchmark says of many measurements of one kind. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/**
 * By nearest rank: every figure is a value that was measured. Rounded to `digits` decimals.
 * @throws RangeError without any value: nothing was measured then.
 */
export function percentilesOf(values: readonly number[], digits = 1): Percentiles {
  if (values.length === 0) throw new RangeError('percentiles of no values');
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN, digits);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** To `digits` decimals. */
export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
