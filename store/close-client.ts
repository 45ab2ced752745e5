/** Closes the driver, for good or to open it anew, however it hangs. */
import type { MongoClient } from 'mongodb';
import { within } from '../base/clock';
import type { Clock } from '../base/clock';

/** Before it closes, the driver ends cursors and sessions on the server, on connections that may hang themselves. */
const LIMIT_MS = 3_000;

export interface CloseOptions {
  readonly clock: Clock;
  /** The driver's own close hung, has gone on after all, and has closed what was opened meanwhile. */
  readonly onLate?: () => void;
}

/** Resolves when the client has no connections, after {@link LIMIT_MS} at the latest. */
export const closeClient = async (
  client: Pick<MongoClient, 'close'>,
  { clock, onLate }: CloseOptions,
): Promise<void> => {
  let isClosed = false;
  const closing = client.close().then(
    () => void (isClosed = true),
    () => undefined,
  );
  await within(clock, LIMIT_MS, closing);
  if (isClosed) return;
  // There is no public way to part with connections without a word to the server.
  const inside = client as unknown as { topology?: { close(): void } | undefined };
  inside.topology?.close();
  inside.topology = undefined;
  void closing.then(onLate);
};
