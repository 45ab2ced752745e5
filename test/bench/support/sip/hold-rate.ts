/** Whether a rate of calls can be held, and the highest that can. */
import type { BenchRig } from './bench-rig';
import type { SippCounts } from './sipp';

export const HELD_S = 30;
const HOLD_MS = 1_000;

/** A rate is held when every call succeeds and calls end as fast as they begin. */
export interface Trial {
  readonly callsPerSecond: number;
  readonly held: boolean;
  readonly counts: SippCounts;
}

/** Calls in progress beyond those that the rate explains mean that the system falls behind. */
const BEHIND_S = 2;

/** Calls at this rate for 30 s; gives up with the first failure, or when the system falls behind. */
export const tryRate = async (rig: BenchRig, callsPerSecond: number): Promise<Trial> => {
  const calls = callsPerSecond * HELD_S;
  const run = rig.call({
    name: `rate-${callsPerSecond}`,
    callsPerSecond,
    calls,
    holdMs: HOLD_MS,
    timeoutS: HELD_S + 6,
  });
  const most = callsPerSecond * (HOLD_MS / 1_000 + BEHIND_S);
  let keepsUp = true;
  await run.watch((counts) => (keepsUp = counts.failed === 0 && counts.current <= most));
  const counts = run.counts();
  const onTime = counts.elapsedS <= HELD_S + HOLD_MS / 1_000 + BEHIND_S;
  return { callsPerSecond, held: keepsUp && onTime && counts.successful === calls, counts };
};

export interface SearchOptions {
  /** Known to be held. */
  readonly held: number;
  /** Where the limit is thought to be. */
  readonly guess: number;
  readonly trials: number;
  /** Called after each trial. */
  readonly report: (trial: Trial) => void;
  /** After a failure the system needs a moment; how it gets it. */
  readonly recover: () => Promise<void>;
}

const STEP = 1.1;
/** Rates closer than this are the same. */
const RESOLUTION = 10;

/** Steps up or down from the guess, then halves; ends after so many trials. @returns the highest rate that was held. */
export const highestRate = async (rig: BenchRig, options: SearchOptions): Promise<number> => {
  let held = options.held;
  let failed = Infinity;
  let next = Math.max(options.guess, held + RESOLUTION);
  for (let left = options.trials; left > 0 && failed - held > RESOLUTION; left -= 1) {
    const trial = await tryRate(rig, Math.round(next));
    options.report(trial);
    if (trial.held) held = trial.callsPerSecond;
    else failed = trial.callsPerSecond;
    if (!trial.held) await options.recover();
    next =
      failed === Infinity ? held * STEP : Math.max(held + RESOLUTION, Math.min((held + failed) / 2, failed / 1.05));
  }
  return held;
};
