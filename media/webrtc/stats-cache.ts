/** Counters that live in another process, asked for now and then so that reading them costs nothing. */
import type { Clock, Timer } from '../../base/clock';
import type { EndpointStats } from '../ports';

export type FetchedStats = Partial<Pick<EndpointStats, 'packetsLost' | 'jitterMs' | 'roundTripMs'>>;

export interface StatsCacheOptions {
  readonly clock: Clock;
  readonly fetch: () => Promise<FetchedStats>;
}

const REFRESH_MS = 5_000;
/** Who asks gets the cached values; older ones are fetched anew for the next to ask. */
const FRESH_MS = 1_000;

export class StatsCache {
  private values: Pick<EndpointStats, 'packetsLost' | 'jitterMs' | 'roundTripMs'> = { packetsLost: 0, jitterMs: 0 };
  private fetchedAtMs = -Infinity;
  private fetching = false;
  private closed = false;
  private readonly timer: Timer;

  constructor(private readonly options: StatsCacheOptions) {
    this.timer = options.clock.every(REFRESH_MS, () => this.refresh());
  }

  current(): Pick<EndpointStats, 'packetsLost' | 'jitterMs' | 'roundTripMs'> {
    if (this.options.clock.monotonicMs() - this.fetchedAtMs > FRESH_MS) this.refresh();
    return this.values;
  }

  /** Idempotent. */
  close(): void {
    this.timer.cancel();
    this.closed = true;
  }

  private refresh(): void {
    if (this.fetching || this.closed) return;
    this.fetching = true;
    this.fetchedAtMs = this.options.clock.monotonicMs();
    void this.options
      .fetch()
      // When the worker is gone or the stream closed, the last values stand.
      .then(
        (values) => (this.values = { ...this.values, ...values }),
        () => undefined,
      )
      .finally(() => (this.fetching = false));
  }
}
