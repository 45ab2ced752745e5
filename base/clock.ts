/**
 * Time as a dependency. Everything that waits takes a {@link Clock}; tests pass a {@link SimulatedClock} and never
 * sleep. Lint bans `Date.now`, `setTimeout` and `setInterval` everywhere else.
 */

/** A timer that has been started; `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall-clock time in milliseconds since 1970 (UTC). */
  nowMs(): number;
  /** Monotonic time in milliseconds with a fraction; only differences mean something. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`. */
  after(delayMs: number, run: () => void): Timer;
  /** Calls `run` every `periodMs` until cancelled. */
  every(periodMs: number, run: () => void): Timer;
}

/** Resolves after `delayMs` of the clock's time. */
export const sleep = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.after(delayMs, resolve));

/** Waits for a promise, but no longer than `patienceMs` of the clock's time; no timer is left behind. */
export const within = (clock: Clock, patienceMs: number, promise: Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = clock.after(patienceMs, resolve);
    void promise.finally(() => timer.cancel()).then(resolve, reject);
  });

/** One small object: a call has a dozen timers. */
class Timeout implements Timer {
  constructor(private readonly handle: NodeJS.Timeout) {}

  cancel(): void {
    clearTimeout(this.handle);
  }
}

/** Node's timers count 31 bits of milliseconds, 24.8 days; a longer one would run at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

const longTimeout = (delayMs: number, run: () => void): Timer => {
  let timer: Timer;
  const restMs = delayMs - LONGEST_TIMEOUT_MS;
  timer = systemClock.after(LONGEST_TIMEOUT_MS, () => (timer = systemClock.after(restMs, run)));
  return { cancel: () => timer.cancel() };
};

/** Read once: the global is a getter, and packets ask for the time several times each. */
const { performance } = globalThis;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) =>
    delayMs > LONGEST_TIMEOUT_MS ? longTimeout(delayMs, run) : new Timeout(setTimeout(run, delayMs)),
  every(periodMs, run) {
    const handle = setInterval(run, periodMs);
    return { cancel: () => clearInterval(handle) };
  },
};

interface Pending {
  dueMs: number;
  order: number;
  run: () => void;
  periodMs: number | undefined;
}

/** A clock that moves only when told to. Timers run in the order of their due times, then of their creation. */
export class SimulatedClock implements Clock {
  private elapsedMs = 0;
  private created = 0;
  private readonly pending = new Set<Pending>();

  constructor(private readonly startMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  /** Number of timers that still wait; a test's proof that nothing leaked. */
  get pendingTimers(): number {
    return this.pending.size;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.add(delayMs, run, undefined);
  }

  every(periodMs: number, run: () => void): Timer {
    return this.add(periodMs, run, periodMs);
  }

  /** Moves time forward, running every timer that falls due on the way. */
  advance(byMs: number): void {
    const targetMs = this.elapsedMs + byMs;
    for (let next = this.nextDue(targetMs); next; next = this.nextDue(targetMs)) {
      this.elapsedMs = next.dueMs;
      if (next.periodMs === undefined) this.pending.delete(next);
      else next.dueMs += next.periodMs;
      next.run();
    }
    this.elapsedMs = targetMs;
  }

  /** Moves time forward while nothing runs; then what fell due runs, each timer once, as after a process has stalled. */
  stall(forMs: number): void {
    this.elapsedMs += forMs;
    const due = [...this.pending].filter(({ dueMs }) => dueMs <= this.elapsedMs);
    for (const timer of due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)) {
      if (!this.pending.has(timer)) continue;
      if (timer.periodMs === undefined) this.pending.delete(timer);
      else timer.dueMs = this.elapsedMs + timer.periodMs;
      timer.run();
    }
  }

  /** Like {@link advance}, but lets promises settle between timers. */
  async advanceAsync(byMs: number, stepMs = byMs): Promise<void> {
    for (let leftMs = byMs; leftMs > 0; leftMs -= stepMs) {
      this.advance(Math.min(stepMs, leftMs));
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  }

  private add(delayMs: number, run: () => void, periodMs: number | undefined): Timer {
    const entry: Pending = { dueMs: this.elapsedMs + Math.max(0, delayMs), order: this.created++, run, periodMs };
    this.pending.add(entry);
    return { cancel: () => void this.pending.delete(entry) };
  }

  private nextDue(targetMs: number): Pending | undefined {
    let best: Pending | undefined;
    for (const entry of this.pending) {
      if (entry.dueMs > targetMs) continue;
      if (!best || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.order < best.order)) best = entry;
    }
    return best;
  }
}
