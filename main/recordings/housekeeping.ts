/** Work that is done now and then, one piece at a time, each in bounded portions. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';

/** Does one portion. @returns how much that was: 0 when nothing is left. */
export type Job = () => Promise<number>;

export interface HousekeepingDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  /** Done each minute, and soon after {@link Housekeeping.hurry}. */
  readonly jobs: readonly Job[];
  /** Done each hour. */
  readonly rareJobs: readonly Job[];
}

const PERIOD_MS = 60_000;
const RARE_PERIOD_MS = 3_600_000;
/** What has just ended may still be closing its files. */
const HURRY_MS = 500;
/** Portions of a job in a row, before the others have their turn. */
const MOST_PORTIONS = 20;

export class Housekeeping {
  private readonly timers: Timer[] = [];
  private hurried: Timer | undefined;
  private tail: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly deps: HousekeepingDependencies) {}

  start(): void {
    const { clock, jobs, rareJobs } = this.deps;
    this.timers.push(clock.every(PERIOD_MS, () => this.run(jobs)));
    this.timers.push(clock.every(RARE_PERIOD_MS, () => this.run(rareJobs)));
    this.run([...jobs, ...rareJobs]);
  }

  /** There is something to do. */
  hurry(): void {
    if (this.closed) return;
    this.hurried ??= this.deps.clock.after(HURRY_MS, () => {
      this.hurried = undefined;
      this.run(this.deps.jobs);
    });
  }

  /** Begins nothing more and waits for what is under way. Idempotent. */
  async close(): Promise<void> {
    this.closed = true;
    this.hurried?.cancel();
    for (const timer of this.timers.splice(0)) timer.cancel();
    await this.tail;
  }

  private run(jobs: readonly Job[]): void {
    this.tail = this.tail.then(async () => {
      for (const job of jobs) await this.runOne(job);
    });
  }

  private async runOne(job: Job): Promise<void> {
    try {
      for (let portion = 0; portion < MOST_PORTIONS && !this.closed; portion += 1) if ((await job()) === 0) return;
    } catch (error) {
      this.deps.log.warn({ reason: messageOf(error) }, 'looking after the recordings failed; it is tried again');
    }
  }
}
