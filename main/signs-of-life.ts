/** Signs of life, so that the next start knows when the app was last there, however it ended. */
import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { StateStore } from '../store/state';

const KEY = 'app-alive-at-ms';
const PERIOD_MS = 5_000;

/** That of the life before this one; to be read before {@link keepSigningAlive}. Undefined when there was none. */
export const lastSignOfLife = (state: Pick<StateStore, 'get'>): Promise<number | undefined> => state.get<number>(KEY);

export interface SignsOfLife {
  /** Leaves the last one. Idempotent. */
  close(): Promise<void>;
}

/** Begins with one. While the store is silent there are none: one that it takes late must not replace a later one. */
export const keepSigningAlive = (
  state: Pick<StateStore, 'set'>,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): SignsOfLife => {
  let signing: Promise<void> | undefined;
  const sign = (): Promise<void> =>
    (signing ??= state
      .set(KEY, clock.nowMs())
      .catch((error: unknown) => log.warn({ err: error }, 'no sign of life could be written'))
      .finally(() => (signing = undefined)));
  void sign();
  const timer = clock.every(PERIOD_MS, () => void sign());
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    timer.cancel();
    await signing;
    await sign();
  };
  return { close: () => (closing ??= close()) };
};
