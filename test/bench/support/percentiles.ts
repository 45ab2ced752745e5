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
  return quantilesOf(values, { p50: 0.5, p95: 0.95, max: 1 }, digits);
}

/**
 * Any shares, by name and nearest rank, rounded to `digits` decimals.
 * @throws RangeError without any value.
 */
export function quantilesOf<Name extends string>(
  values: readonly number[],
  shares: Readonly<Record<Name, number>>,
  digits = 1,
): Record<Name, number> {
  if (values.length === 0) throw new RangeError('percentiles of no values');
  const sorted = [...values].sort((one, other) => one - other);
  const entries = Object.entries<number>(shares).map(([name, share]) => [
    name,
    rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN, digits),
  ]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** To `digits` decimals. */
export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
