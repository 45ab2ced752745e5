/** The TURN servers of this browser; their credentials run out and are fetched anew in time. */
import type { IceSettings } from '../../../api/contract/rest';
import type { Clock, Timer } from '../../../base/clock';

interface Options {
  readonly initial: IceSettings | undefined;
  /** New credentials; rejects while the server cannot be reached. */
  readonly refresh: () => Promise<IceSettings | undefined>;
  readonly clock: Clock;
}

/** A call keeps its relay with the credentials that it began with: what is left must be enough for most. */
const RENEW_AT = 0.5;
const RETRY_MS = 15_000;
const SOONEST_MS = 5_000;

export class IceServers {
  private current: IceSettings | undefined;
  private timer: Timer | undefined;
  private closed = false;

  constructor(private readonly options: Options) {
    const { initial, clock } = options;
    // They may be as old as the session: what is left of them by this clock counts, be it right or wrong.
    this.take(initial, initial && Math.min(initial.lifetimeMs, initial.expiresAtMs - clock.nowMs()));
  }

  /** For the next connection. */
  get configuration(): Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'> {
    const { current } = this;
    // The server answers ICE itself on a known address: without a relay nothing is asked of strangers.
    if (!current) return { iceServers: [] };
    const { urls, username, credential, relayOnly } = current;
    return {
      iceServers: [{ urls: [...urls], username, credential }],
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
    };
  }

  /** Idempotent. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  private take(settings: IceSettings | undefined, leftMs: number | undefined): void {
    this.current = settings;
    if (leftMs !== undefined) this.renewAfter(Math.max(SOONEST_MS, leftMs * RENEW_AT));
  }

  private renewAfter(delayMs: number): void {
    if (this.closed) return;
    this.timer = this.options.clock.after(delayMs, () => {
      this.options
        .refresh()
        // Just made: this browser's clock, which may be wrong by hours, has no say.
        .then((settings) => this.take(settings, settings?.lifetimeMs))
        .catch(() => this.renewAfter(RETRY_MS));
    });
  }
}
