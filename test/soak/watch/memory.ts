/** Whether a process's memory grows: samples over time, and the line that fits them best. */

export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

const MS_PER_HOUR = 3_600_000;

/** By least squares; 0 of fewer than two samples. */
export function bytesPerHour(samples: readonly Sample[]): number {
  const { length } = samples;
  if (length < 2) return 0;
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, one) => sum + of(one), 0) / length;
  const [meanMs, meanBytes] = [mean(({ atMs }) => atMs), mean(({ bytes }) => bytes)];
  const covariance = samples.reduce((sum, { atMs, bytes }) => sum + (atMs - meanMs) * (bytes - meanBytes), 0);
  const variance = samples.reduce((sum, { atMs }) => sum + (atMs - meanMs) ** 2, 0);
  return variance === 0 ? 0 : (covariance / variance) * MS_PER_HOUR;
}
