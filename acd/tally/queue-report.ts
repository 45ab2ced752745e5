/** The waits of a stretch of time as figures by queue and interval of arrival. */
import type { QueueId } from '../../base/ids';
import { addCounts, countHandling, countWait, figuresOf, noCounts } from '../metrics';
import type { Counts, QueueFigures, WaitResult } from '../metrics';

export interface ReportedWait {
  readonly queueId: QueueId;
  readonly arrivedAtMs: number;
  readonly endedAtMs: number;
  readonly result: WaitResult;
  readonly targetMs: number;
  readonly handleMs?: number | undefined;
}

export interface ReportedQueue {
  readonly queueId: QueueId;
  readonly total: QueueFigures;
  /** Those in which somebody arrived, oldest first. */
  readonly intervals: readonly ({ readonly fromMs: number } & QueueFigures)[];
}

export class QueueReportBuilder {
  private readonly queues = new Map<QueueId, Map<number, Counts>>();

  constructor(private readonly terms: { readonly fromMs: number; readonly intervalMs: number }) {}

  add(wait: ReportedWait): void {
    const { fromMs, intervalMs } = this.terms;
    const intervals = this.queues.get(wait.queueId) ?? new Map<number, Counts>();
    this.queues.set(wait.queueId, intervals);
    const place = Math.floor((wait.arrivedAtMs - fromMs) / intervalMs);
    const counts = intervals.get(place) ?? noCounts();
    intervals.set(place, counts);
    countWait(counts, { ...wait, waitMs: wait.endedAtMs - wait.arrivedAtMs });
    if (wait.handleMs !== undefined) countHandling(counts, wait.handleMs);
  }

  /** By queue. */
  report(): ReportedQueue[] {
    const { fromMs, intervalMs } = this.terms;
    const byId = [...this.queues].sort(([a], [b]) => (a < b ? -1 : 1));
    return byId.map(([queueId, intervals]) => {
      const total = noCounts();
      for (const counts of intervals.values()) addCounts(total, counts);
      const places = [...intervals].sort(([a], [b]) => a - b);
      return {
        queueId,
        total: figuresOf(total),
        intervals: places.map(([place, counts]) => ({ fromMs: fromMs + place * intervalMs, ...figuresOf(counts) })),
      };
    });
  }
}
