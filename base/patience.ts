/** Waiting for another process, whose answer a stall of this one delays as well. */
import type { Clock, Timer } from './clock';

const PARTS = 10;

/**
 * Calls `over` when a time has passed, unless it is cancelled before. The time is counted in parts: one to which a busy or
 * suspended process comes late counts no longer than the others, since what it waits for may lie there unread.
 */
export const patience = (clock: Clock, patienceMs: number, over: () => void): Timer => {
  let timer: Timer;
  const begin = (left: number): Timer =>
    clock.after(patienceMs / PARTS, () => {
      if (left > 1) timer = begin(left - 1);
      else over();
    });
  timer = begin(PARTS);
  return { cancel: () => timer.cancel() };
};
