/** Promised against real: whether the waits that callers were told came true (docs/metrics.md). */

/** One time that a caller was told how long the wait will be. */
export interface WaitPromise {
  readonly queueId: string;
  /** When it was told. */
  readonly atMs: number;
  /** The range that was told, counted from then on. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Half of the waits were expected to be shorter. */
  readonly likelyMs: number;
  /** From then on to the agent; undefined for a caller who was joined to none. */
  readonly waitedMs: number | undefined;
}

/** What is counted of the promises that were made in one queue and interval. */
export interface Calibration {
  readonly queueId: string;
  readonly fromMs: number;
  promises: number;
  /** Whose caller was joined to an agent: only these can be compared. */
  kept: number;
  within: number;
  shorter: number;
  longer: number;
  /** Share of the compared in the range that was told; absent when there is none. */
  withinShare?: number;
  /** Mean of what was likely, and of what it was. */
  meanPromisedMs?: number;
  meanWaitedMs?: number;
  /** Mean of real − likely: positive when callers wait longer than expected. */
  biasMs?: number;
}

interface Sums extends Calibration {
  promisedMs: number;
  waitedMs: number;
}

/** Rows by interval and queue, intervals of UTC; those without promises are left out. */
export const calibrate = async (
  promises: AsyncIterable<WaitPromise> | Iterable<WaitPromise>,
  intervalMs: number,
): Promise<Calibration[]> => {
  const rows = new Map<string, Sums>();
  for await (const promise of promises) count(rowOf(rows, promise, intervalMs), promise);
  return [...rows.values()]
    .map(finished)
    .sort((a, b) => a.fromMs - b.fromMs || (a.queueId < b.queueId ? -1 : a.queueId > b.queueId ? 1 : 0));
};

const rowOf = (rows: Map<string, Sums>, { queueId, atMs }: WaitPromise, intervalMs: number): Sums => {
  const fromMs = Math.floor(atMs / intervalMs) * intervalMs;
  const key = `${fromMs} ${queueId}`;
  const known = rows.get(key);
  if (known) return known;
  const row = { queueId, fromMs, promises: 0, kept: 0, within: 0, shorter: 0, longer: 0, promisedMs: 0, waitedMs: 0 };
  rows.set(key, row);
  return row;
};

const count = (row: Sums, { fromMs, toMs, likelyMs, waitedMs }: WaitPromise): void => {
  row.promises += 1;
  if (waitedMs === undefined) return;
  row.kept += 1;
  row.promisedMs += likelyMs;
  row.waitedMs += waitedMs;
  if (waitedMs < fromMs) row.shorter += 1;
  else if (waitedMs > toMs) row.longer += 1;
  else row.within += 1;
};

const finished = ({ promisedMs, waitedMs, ...row }: Sums): Calibration => {
  const { kept } = row;
  if (kept === 0) return row;
  return {
    ...row,
    withinShare: row.within / kept,
    meanPromisedMs: Math.round(promisedMs / kept),
    meanWaitedMs: Math.round(waitedMs / kept),
    biasMs: Math.round((waitedMs - promisedMs) / kept),
  };
};
