/** The running timers of one transaction, by their RFC letter. */
import type { Clock, Timer } from '../../../base/clock';

export class TimerSet<Name extends string> {
  private readonly running = new Map<Name, Timer>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.running.size;
  }

  /** Starts or restarts a timer. */
  start(name: Name, delayMs: number, run: () => void): void {
    this.stop(name);
    const timer = this.clock.after(delayMs, () => {
      this.running.delete(name);
      run();
    });
    this.running.set(name, timer);
  }

  stop(name: Name): void {
    this.running.get(name)?.cancel();
    this.running.delete(name);
  }

  stopAll(): void {
    for (const timer of this.running.values()) timer.cancel();
    this.running.clear();
  }
}
