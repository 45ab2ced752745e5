/**
 * Mends a driver that waits in vain. What it writes to a connection that has just been closed by the other side, before it
 * has heard so, it waits for without end: there is no answer, no error and no timeout any more. If that was its look at
 * a server (its heartbeat), no operation finds that server again, however well it is.
 */
import type { MongoClient } from 'mongodb';
import type { Clock, Timer } from '../base/clock';
import type { Logger } from '../base/log';
import { patience } from '../base/patience';
import { closeClient } from './close-client';

export interface DriverWatchOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Within which a look at a server is answered or fails by itself. */
  readonly lookTimeoutMs: number;
  /** How much longer one takes with which the server may wait for news. */
  readonly awaitMs: number;
}

/** What is used of the driver. */
export type WatchedClient = Pick<MongoClient, 'on' | 'connect' | 'close'>;

const MARGIN_MS = 1_000;
const RETRY_MS = 1_000;

/** Opens the client's connections anew when a look hangs. @returns ends the watch. */
export const watchDriver = (client: WatchedClient, options: DriverWatchOptions): (() => void) => {
  const watch = new DriverWatch(client, options);
  return () => watch.end();
};

class DriverWatch {
  /** By the server's address: one that answers says nothing of the others. */
  private readonly looks = new Map<string, Timer>();
  private isMending = false;
  private retry: Timer | undefined;
  private isEnded = false;

  constructor(
    private readonly client: WatchedClient,
    private readonly options: DriverWatchOptions,
  ) {
    client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => this.look(connectionId, awaited));
    client.on('serverHeartbeatSucceeded', ({ connectionId }) => this.looked(connectionId));
    client.on('serverHeartbeatFailed', ({ connectionId }) => this.looked(connectionId));
    client.on('serverClosed', ({ address }) => this.looked(address));
  }

  end(): void {
    this.isEnded = true;
    this.retry?.cancel();
    for (const address of [...this.looks.keys()]) this.looked(address);
  }

  private look(address: string, awaited: boolean): void {
    this.looked(address);
    if (this.isEnded) return;
    const { clock, lookTimeoutMs, awaitMs } = this.options;
    const hangs = (): void => {
      // What is being opened anew has its own time to fail.
      if (this.isMending) this.look(address, awaited);
      else void this.mend();
    };
    this.looks.set(address, patience(clock, lookTimeoutMs + (awaited ? awaitMs : 0) + MARGIN_MS, hangs));
  }

  private looked(address: string): void {
    this.looks.get(address)?.cancel();
    this.looks.delete(address);
  }

  private async mend(): Promise<void> {
    const { clock, log } = this.options;
    this.isMending = true;
    log.error('the database driver waits in vain; its connections are opened anew');
    for (const address of [...this.looks.keys()]) this.looked(address);
    await closeClient(this.client, { clock, onLate: () => void this.open() });
    await this.open();
    this.isMending = false;
  }

  private async open(): Promise<void> {
    if (this.isEnded) return;
    const { clock, log } = this.options;
    try {
      await this.client.connect();
    } catch (error) {
      log.warn({ err: error }, 'the database does not answer; it is tried again');
      this.retry?.cancel();
      if (!this.isEnded) this.retry = clock.after(RETRY_MS, () => void this.open());
    }
  }
}
