/** The running timers of one transaction, by their RFC letter. */
import type { Clock, Timer } from '../../../base/clock';

/** Three at most run at the same time: a list of them is smaller than a map. */
interface Running<Name> {
  readonly name: Name;
  readonly timer: Timer;
  readonly next: Running<Name> | undefined;
}

export class TimerSet<Name extends string> {
  private running: Running<Name> | undefined;

  constructor(private readonly clock: Clock) {}

  get size(): number {
    let size = 0;
    for (let one = this.running; one; one = one.next) size += 1;
    return size;
  }

  /** Starts or restarts a timer. */
  start(name: Name, delayMs: number, run: () => void): void {
    this.stop(name);
    const timer = this.clock.after(delayMs, () => {
      this.running = without(name, this.running);
      run();
    });
    this.running = { name, timer, next: this.running };
  }

  stop(name: Name): void {
    for (let one = this.running; one; one = one.next) {
      if (one.name !== name) continue;
      one.timer.cancel();
      this.running = without(name, this.running);
      return;
    }
  }

  stopAll(): void {
    for (let one = this.running; one; one = one.next) one.timer.cancel();
    this.running = undefined;
  }
}

const without = <Name>(name: Name, list: Running<Name> | undefined): Running<Name> | undefined => {
  if (!list || list.name === name) return list?.next;
  return { ...list, next: without(name, list.next) };
};
