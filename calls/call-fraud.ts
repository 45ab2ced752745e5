/**
 * Keeps an account that somebody abuses from costing much: counts the calls outside of every account by the class of
 * the number, charges them, and refuses what goes beyond the limits. Emergency calls are neither counted nor refused.
 */
import type { Alarms } from '../base/alarms';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { CallLimit, CallUsage } from '../store/call-limits';
import { limitsFor } from './call-limit';
import type { LimitFigures } from './call-limit';
import { EMERGENCY } from './call-permission';
import { costOf, dayOf, Tally } from './call-tally';
import type { RunningCall } from './call-tally';

export interface OutsideCall {
  /** Who pays, such as `agent:anna`, `phone:2001`, or `trunk:carrier` for callers who are sent on. */
  readonly account: string;
  readonly number: string;
}

/** A call that has been counted; `ended` is idempotent. */
export interface CountedCall {
  /** It is tried by this trunk, at that trunk's cost. */
  attempted(trunkId: string): void;
  answered(): void;
  ended(): void;
}

export interface UsageOf {
  readonly account: string;
  readonly numberClass: string;
  readonly concurrent: number;
  readonly lastMinute: number;
  /** With what running calls have cost so far. */
  readonly costToday: number;
  readonly lockedAtMs: number | undefined;
}

export interface CallFraudDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly limits: () => readonly CallLimit[];
  readonly classOf: (number: string) => string;
  /** Of the trunk that is tried, or of the one that would be tried first; 0 when nobody knows. */
  readonly costPerMinute: (number: string, trunkId: string | undefined) => number;
  /** What was written down before. */
  readonly usage: readonly CallUsage[];
  readonly save: (usage: CallUsage) => Promise<void>;
  readonly forget: (id: string) => Promise<void>;
}

type Breach = 'call-limit-concurrent' | 'call-limit-rate' | 'call-limit-cost';

/** The same account's same offence is told once in this time. */
const ALARM_QUIET_MS = 600_000;

const UNCOUNTED: CountedCall = { attempted: () => undefined, answered: () => undefined, ended: () => undefined };

export class CallFraud {
  private readonly tallies = new Map<string, Tally>();
  private today = '';
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly deps: CallFraudDeps) {
    for (const usage of deps.usage) {
      const tally = new Tally(usage.account, usage.numberClass, usage.day);
      tally.settledCost = usage.cost;
      tally.lockedAtMs = usage.lockedAtMs;
      this.tallies.set(usage._id, tally);
    }
    this.turnDay();
  }

  /** Fails with `forbidden`, in a sentence for the one who dialled. Counts nothing. */
  mayCall(call: OutsideCall): Result<void> {
    const numberClass = this.deps.classOf(call.number);
    if (numberClass === EMERGENCY) return ok(undefined);
    return this.judge(this.tallyOf(call.account, numberClass));
  }

  /** Counts a call that is placed now. Fails as {@link mayCall} does. */
  begin(call: OutsideCall): Result<CountedCall> {
    const numberClass = this.deps.classOf(call.number);
    if (numberClass === EMERGENCY) return ok(UNCOUNTED);
    const tally = this.tallyOf(call.account, numberClass);
    const may = this.judge(tally);
    if (!may.ok) return may;
    const running = tally.begin(this.deps.clock.nowMs(), this.deps.costPerMinute(call.number, undefined));
    return ok({
      attempted: (trunkId) => {
        running.costPerMinute = this.deps.costPerMinute(call.number, trunkId);
      },
      answered: () => {
        running.answeredAtMs ??= this.deps.clock.nowMs();
      },
      ended: () => this.settle(tally, running),
    });
  }

  /** Counts a call that runs since before a restart, whatever the limits are by now. */
  goOn(call: OutsideCall & { readonly trunkId: string | undefined; readonly answeredAtMs: number }): CountedCall {
    const { account, number, trunkId, answeredAtMs } = call;
    const numberClass = this.deps.classOf(number);
    if (numberClass === EMERGENCY) return UNCOUNTED;
    const tally = this.tallyOf(account, numberClass);
    const running = tally.goOn(answeredAtMs, this.deps.costPerMinute(number, trunkId));
    return { ...UNCOUNTED, ended: () => this.settle(tally, running) };
  }

  /** Of everybody who has called today or is locked, by account and class. */
  usage(): UsageOf[] {
    this.turnDay();
    const nowMs = this.deps.clock.nowMs();
    return [...this.tallies.values()]
      .map((tally) => ({
        account: tally.account,
        numberClass: tally.numberClass,
        concurrent: tally.running.size,
        lastMinute: tally.begunWithinMinute(nowMs),
        costToday: tally.costAt(nowMs),
        lockedAtMs: tally.lockedAtMs,
      }))
      .sort((a, b) => a.account.localeCompare(b.account) || a.numberClass.localeCompare(b.numberClass));
  }

  /** Lifts the account's locks, or the one of a class; its cost begins anew. @returns false when there was none. */
  async lift(account: string, numberClass?: string): Promise<boolean> {
    const locked = [...this.tallies.values()].filter(
      (tally) =>
        tally.lockedAtMs !== undefined &&
        tally.account === account &&
        (numberClass === undefined || tally.numberClass === numberClass),
    );
    for (const tally of locked) {
      tally.forgive(this.deps.clock.nowMs());
      this.write(tally);
    }
    await this.settled();
    return locked.length > 0;
  }

  /** Resolves when all that is known is written down. */
  settled(): Promise<void> {
    return this.writing;
  }

  private tallyOf(account: string, numberClass: string): Tally {
    this.turnDay();
    const id = `${account} ${numberClass}`;
    const known = this.tallies.get(id);
    if (known) return known;
    const tally = new Tally(account, numberClass, this.today);
    this.tallies.set(id, tally);
    return tally;
  }

  private judge(tally: Tally): Result<void> {
    const limits = limitsFor(this.deps.limits(), tally);
    const nowMs = this.deps.clock.nowMs();
    this.lockIfSpent(tally, limits);
    if (tally.lockedAtMs !== undefined) return this.refuse(tally, 'call-limit-cost', limits.maxCostPerDay);
    if (tally.running.size >= limits.maxConcurrent) {
      return this.refuse(tally, 'call-limit-concurrent', limits.maxConcurrent);
    }
    if (tally.begunWithinMinute(nowMs) >= limits.maxPerMinute) {
      return this.refuse(tally, 'call-limit-rate', limits.maxPerMinute);
    }
    return ok(undefined);
  }

  private lockIfSpent(tally: Tally, { maxCostPerDay }: LimitFigures): void {
    const nowMs = this.deps.clock.nowMs();
    const cost = tally.costAt(nowMs);
    if (tally.lockedAtMs !== undefined || cost < maxCostPerDay) return;
    tally.lockedAtMs = nowMs;
    this.write(tally);
    const { account, numberClass } = tally;
    this.deps.alarms.raise({
      kind: 'call-cost-ceiling',
      severity: 'critical',
      message: `${account} may call no more ${numberClass} numbers: the calls of today cost ${cost}, of ${maxCostPerDay} at most; lift the lock when that is right.`,
      details: { account, class: numberClass, cost, limit: maxCostPerDay },
    });
  }

  private refuse(tally: Tally, breach: Breach, limit: number): Result<never> {
    const { account, numberClass } = tally;
    const message = sentenceOf(breach, { account, numberClass, limit });
    const nowMs = this.deps.clock.nowMs();
    // The lock has raised an alarm of its own.
    if (breach !== 'call-limit-cost' && tally.mayTell(breach, nowMs, ALARM_QUIET_MS)) {
      this.deps.alarms.raise({
        kind: 'call-limit',
        severity: 'warning',
        message: `A call of ${account} was refused: ${message}`,
        details: { account, class: numberClass, breach, limit },
      });
    }
    const values = { account, class: numberClass, limit: String(limit) };
    return { ok: false, fault: { ...fail('forbidden', message).fault, about: { key: breach, values } } };
  }

  private settle(tally: Tally, running: RunningCall): void {
    if (!tally.running.has(running)) return;
    this.turnDay();
    tally.running.delete(running);
    const cost = costOf(running, this.deps.clock.nowMs());
    if (cost === 0) return;
    tally.settledCost += cost;
    this.lockIfSpent(tally, limitsFor(this.deps.limits(), tally));
    this.write(tally);
  }

  /** At midnight costs begin at zero; locks and running calls stay. */
  private turnDay(): void {
    const today = dayOf(this.deps.clock.nowMs());
    if (today === this.today) return;
    this.today = today;
    for (const [id, tally] of this.tallies) {
      if (tally.day === today) continue;
      tally.turnTo(today);
      if (tally.lockedAtMs !== undefined || tally.running.size > 0) continue;
      this.tallies.delete(id);
      this.enqueue(id, () => this.deps.forget(id));
    }
  }

  private write({ account, numberClass, day, settledCost, lockedAtMs }: Tally): void {
    const _id = `${account} ${numberClass}`;
    const usage: CallUsage = { _id, account, numberClass, day, cost: settledCost };
    this.enqueue(_id, () => this.deps.save(lockedAtMs === undefined ? usage : { ...usage, lockedAtMs }));
  }

  /** One after the other, so that the last word is the last written. */
  private enqueue(id: string, work: () => Promise<void>): void {
    this.writing = this.writing.then(work).catch((error: unknown) => {
      this.deps.log.error(
        { err: error, usage: id },
        'the cost of calls could not be written down; the next call tries',
      );
    });
  }
}

const sentenceOf = (
  breach: Breach,
  { account, numberClass, limit }: { account: string; numberClass: string; limit: number },
): string => {
  switch (breach) {
    case 'call-limit-concurrent':
      return `${account} may have no more than ${limit} calls to ${numberClass} numbers at a time; end one first.`;
    case 'call-limit-rate':
      return `${account} may begin no more than ${limit} calls to ${numberClass} numbers within a minute; wait a moment.`;
    case 'call-limit-cost':
      return `Calls of ${account} to ${numberClass} numbers are locked, for their cost has reached its ceiling; an administrator can lift the lock.`;
  }
};
