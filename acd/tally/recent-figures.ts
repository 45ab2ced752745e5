/** The figures of the last minutes, by queue: what wallboards show and alarms judge. */
import type { QueueId } from '../../base/ids';
import { addCounts, countHandling, countWait, noCounts } from '../metrics';
import type { Counts } from '../metrics';
import type { EndedWait } from './wait-tally';

const MINUTE_MS = 60_000;
/** What came earlier is forgotten. */
export const MAX_MINUTES = 60;

export class RecentFigures {
  /** Queue → minute of arrival → counts. */
  private readonly queues = new Map<QueueId, Map<number, Counts>>();

  add(wait: EndedWait, nowMs: number): void {
    const { arrivedAtMs, endedAtMs } = wait;
    const counts = this.countsAt(wait, nowMs);
    if (counts) countWait(counts, { ...wait, waitMs: endedAtMs - arrivedAtMs });
  }

  /** The agent is done with it. */
  handled(wait: EndedWait, handleMs: number, nowMs: number): void {
    const counts = this.countsAt(wait, nowMs);
    if (counts) countHandling(counts, handleMs);
  }

  /** Of contacts that have arrived within the last minutes, the running one included, and wait no more. */
  of(queueId: QueueId, minutes: number, nowMs: number): Counts {
    const sum = noCounts();
    const first = minuteOf(nowMs) - minutes + 1;
    for (const [minute, counts] of this.queues.get(queueId) ?? []) if (minute >= first) addCounts(sum, counts);
    return sum;
  }

  private countsAt({ queueId, arrivedAtMs }: EndedWait, nowMs: number): Counts | undefined {
    const oldest = minuteOf(nowMs) - MAX_MINUTES + 1;
    const minute = minuteOf(arrivedAtMs);
    if (minute < oldest) return undefined;
    const minutes = this.queues.get(queueId) ?? new Map<number, Counts>();
    this.queues.set(queueId, minutes);
    for (const other of minutes.keys()) if (other < oldest) minutes.delete(other);
    const counts = minutes.get(minute) ?? noCounts();
    minutes.set(minute, counts);
    return counts;
  }
}

const minuteOf = (atMs: number): number => Math.floor(atMs / MINUTE_MS);
