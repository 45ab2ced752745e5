/** Runs the ACD's core against real time: feeds events in, performs effects, wakes it when a deadline comes. */
import type { Clock, Timer } from '../base/clock';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { emptyState } from './core/state';
import type { AcdEffect, AcdEvent, AcdState } from './core/model';
import { snapshotHash, snapshotOf } from './core/snapshot';
import { nextDeadlineMs, step } from './core/step';
import type { JournalSnapshot } from './journal/journal';
import type { JournalWriter } from './journal/journal-writer';
import { decisionsIn } from './journal/resume';
import { StateHashes } from './journal/state-hashes';

export interface AcdRunnerDeps {
  readonly clock: Clock;
  /** Performs one effect; must not throw. Events that it causes are dispatched after the present one. */
  readonly perform: (effect: AcdEffect) => void;
  /** Sees each event with what it has led to, at its moment; must not throw. */
  readonly observe?: ((observed: Observed) => void) | undefined;
  /** Where to go on from; left out: nothing has happened yet. */
  readonly from?: { readonly state: AcdState; readonly n: number };
  /**
   * Makes the journal in which each event is written before its effects are performed; it asks for snapshots. Left
   * out: nothing is written, and effects are performed at once.
   */
  readonly journal?: (snapshot: (n: number) => JournalSnapshot) => JournalWriter;
}

/** An event, what followed from it, and the state after it. */
export interface Observed {
  readonly event: AcdEvent;
  readonly effects: readonly AcdEffect[];
  readonly state: AcdState;
  readonly atMs: number;
}

export class AcdRunner {
  private current: AcdState;
  private n: number;
  private wake: Timer | undefined;
  private readonly effects: AcdEffect[] = [];
  private performing = false;
  private readonly journal: JournalWriter | undefined;
  private readonly hashes: StateHashes;

  constructor(private readonly deps: AcdRunnerDeps) {
    this.current = deps.from?.state ?? emptyState();
    this.n = deps.from?.n ?? 0;
    this.hashes = new StateHashes(deps.clock);
    this.journal = deps.journal?.((n) => this.snapshot(n));
    this.scheduleWake();
  }

  /** The present state, to be read only. It is ahead of the effects that have been performed. */
  get state(): AcdState {
    return this.current;
  }

  /** Applies an event; fails with `conflict` when the core refuses it. Effects are performed once it is written down. */
  dispatch(event: AcdEvent): Result<void> {
    const atMs = this.deps.clock.nowMs();
    const [state, effects] = step(this.current, event, atMs);
    this.current = state;
    this.n += 1;
    this.scheduleWake();
    this.deps.observe?.({ event, effects, state, atMs });
    if (this.journal) {
      const record = { n: this.n, event, atMs, decisions: decisionsIn(effects), stateHash: this.hashes.of(state) };
      this.journal.append(record, () => this.perform(effects));
    } else this.perform(effects);
    const refusal = effects.find((effect) => effect.type === 'refused');
    return refusal?.type === 'refused' ? fail('conflict', refusal.reason) : ok(undefined);
  }

  /** Resolves when the journal is written, or its store does not answer. */
  async close(): Promise<void> {
    this.wake?.cancel();
    this.wake = undefined;
    await this.journal?.close(this.n);
  }

  /** Effects of an event that an effect caused come after the rest of the present ones, in order. */
  private perform(effects: readonly AcdEffect[]): void {
    this.effects.push(...effects);
    if (this.performing) return;
    this.performing = true;
    for (let effect = this.effects.shift(); effect; effect = this.effects.shift()) this.deps.perform(effect);
    this.performing = false;
  }

  private snapshot(n: number): JournalSnapshot {
    const state = snapshotOf(this.current);
    return { n, atMs: this.deps.clock.nowMs(), state, hash: snapshotHash(state) };
  }

  private scheduleWake(): void {
    this.wake?.cancel();
    this.wake = undefined;
    const deadlineMs = nextDeadlineMs(this.current);
    if (deadlineMs === undefined) return;
    const delayMs = Math.max(0, deadlineMs - this.deps.clock.nowMs());
    this.wake = this.deps.clock.after(delayMs, () => void this.dispatch({ type: 'time-passed' }));
  }
}
