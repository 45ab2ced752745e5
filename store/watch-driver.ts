/**
 * Mends a driver that waits in vain. What it writes to a connection that has just been closed by the other side, before it
 * has heard so, it waits for without end: there is no answer, no error and no timeout any more. If that was its look at
 * the server (its heartbeat), no operation finds the server again, however well that is.
 */
import type { MongoClient, ServerHeartbeatStartedEvent } from 'mongodb';
import type { Clock, Timer } from '../base/clock';
import type { Logger } from '../base/log';

export interface DriverWatchOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Within which a look at the server is answered or fails by itself. */
  readonly lookTimeoutMs: number;
  /** How much longer one takes with which the server may wait for news. */
  readonly awaitMs: number;
}

const MARGIN_MS = 1_000;
const RETRY_MS = 1_000;

/** Opens the client's connections anew when a look hangs. @returns ends the watch. */
export const watchDriver = (client: MongoClient, options: DriverWatchOptions): (() => void) => {
  const { clock, log, lookTimeoutMs, awaitMs } = options;
  let timer: Timer | undefined;
  let isEnded = false;
  const rest = (): void => {
    timer?.cancel();
    timer = undefined;
  };
  const mend = async (): Promise<void> => {
    rest();
    log.error('the database driver waits in vain; its connections are opened anew');
    try {
      await client.close();
      if (!isEnded) await client.connect();
    } catch (error) {
      log.warn({ err: error }, 'the database does not answer; it is tried again');
      if (!isEnded) timer = clock.after(RETRY_MS, () => void mend());
    }
  };
  client.on('serverHeartbeatStarted', ({ awaited }: ServerHeartbeatStartedEvent) => {
    rest();
    if (isEnded) return;
    timer = clock.after(lookTimeoutMs + (awaited ? awaitMs : 0) + MARGIN_MS, () => void mend());
  });
  client.on('serverHeartbeatSucceeded', rest);
  client.on('serverHeartbeatFailed', rest);
  return () => {
    isEnded = true;
    rest();
  };
};
