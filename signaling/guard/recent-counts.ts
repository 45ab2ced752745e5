/** Counts events by key within a sliding window, up to a limit that is all anybody asks about. */
import { BoundedMap } from '../../base/bounded-map';
import type { Clock } from '../../base/clock';

export interface RecentCountsOptions {
  readonly clock: Clock;
  readonly windowMs: number;
  /** Counts stop here. */
  readonly limit: number;
  /** The key touched longest ago is forgotten first. */
  readonly maxKeys: number;
}

export class RecentCounts {
  /** Times of the events, oldest first. */
  private readonly times: BoundedMap<string, number[]>;

  constructor(private readonly options: RecentCountsOptions) {
    this.times = new BoundedMap(options.maxKeys);
  }

  get keys(): number {
    return this.times.size;
  }

  /** Counts one more; returns how many there are now. */
  add(key: string): number {
    const { clock, windowMs, limit } = this.options;
    const nowMs = clock.nowMs();
    const recent = (this.times.get(key) ?? []).filter((atMs) => nowMs - atMs < windowMs);
    const times = [...recent, nowMs].slice(-limit);
    this.times.set(key, times);
    return times.length;
  }

  count(key: string): number {
    const { clock, windowMs } = this.options;
    return (this.times.get(key) ?? []).filter((atMs) => clock.nowMs() - atMs < windowMs).length;
  }

  /** The latest of them have turned out to be none. */
  takeBack(key: string, count: number): void {
    const times = this.times.get(key);
    if (!times || count === 0) return;
    if (count >= times.length) this.times.delete(key);
    else this.times.set(key, times.slice(0, times.length - count));
  }

  forget(key: string): void {
    this.times.delete(key);
  }
}
