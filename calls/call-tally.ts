/** What one account has called of one class of numbers: calls that run, calls of the last minute, cost of the day. */

const MINUTE_MS = 60_000;

export interface RunningCall {
  costPerMinute: number;
  answeredAtMs: number | undefined;
  /** What an administrator has forgiven when the account's lock was lifted. */
  forgiven: number;
}

/** A minute that has begun is charged whole, as most carriers do it. Ringing costs nothing. */
export const costOf = (call: RunningCall, nowMs: number): number => {
  const { answeredAtMs, costPerMinute, forgiven } = call;
  if (answeredAtMs === undefined) return 0;
  const minutes = Math.max(1, Math.ceil((nowMs - answeredAtMs) / MINUTE_MS));
  return Math.max(0, minutes * costPerMinute - forgiven);
};

/** The calendar day in the server's time zone, such as `2026-05-01`. */
export const dayOf = (nowMs: number): string => {
  const date = new Date(nowMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

export class Tally {
  readonly running = new Set<RunningCall>();
  settledCost = 0;
  lockedAtMs: number | undefined;
  private begunAtMs: number[] = [];
  private readonly toldAtMs = new Map<string, number>();

  constructor(
    readonly account: string,
    readonly numberClass: string,
    public day: string,
  ) {}

  begin(nowMs: number, costPerMinute: number): RunningCall {
    const call: RunningCall = { costPerMinute, answeredAtMs: undefined, forgiven: 0 };
    this.running.add(call);
    this.begunAtMs.push(nowMs);
    return call;
  }

  /** One that has been begun before a restart. */
  goOn(answeredAtMs: number, costPerMinute: number): RunningCall {
    const call: RunningCall = { costPerMinute, answeredAtMs, forgiven: 0 };
    this.running.add(call);
    return call;
  }

  begunWithinMinute(nowMs: number): number {
    this.begunAtMs = this.begunAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    return this.begunAtMs.length;
  }

  /** Of the calls that have ended today, and of those that run. */
  costAt(nowMs: number): number {
    return [...this.running].reduce((sum, call) => sum + costOf(call, nowMs), this.settledCost);
  }

  /** The lock is lifted, and what has been spent is forgotten. */
  forgive(nowMs: number): void {
    for (const call of this.running) call.forgiven += costOf(call, nowMs);
    this.settledCost = 0;
    this.lockedAtMs = undefined;
  }

  turnTo(day: string): void {
    this.day = day;
    this.settledCost = 0;
  }

  /** False when the same was told within the quiet time. */
  mayTell(what: string, nowMs: number, quietMs: number): boolean {
    const lastMs = this.toldAtMs.get(what);
    if (lastMs !== undefined && nowMs - lastMs < quietMs) return false;
    this.toldAtMs.set(what, nowMs);
    return true;
  }
}
