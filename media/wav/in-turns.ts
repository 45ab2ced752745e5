/**
 * Long work bit by bit: whoever else has work in this process, such as the beat of running calls, has its turn in
 * between.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Calls `act` for one stretch after the other, from 0 to `length`, each of `step` but for the last. */
export async function inTurns(length: number, step: number, act: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < length; from += step) {
    if (from > 0) await nextTurn();
    act(from, Math.min(length, from + step));
  }
}
