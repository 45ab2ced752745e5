/** Runs the ACD's core against real time: feeds events in, performs effects, wakes it when a deadline comes. */
import type { Clock, Timer } from '../base/clock';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { emptyState } from './core/state';
import type { AcdEffect, AcdEvent, AcdState } from './core/model';
import { nextDeadlineMs, step } from './core/step';

export interface AcdRunnerDeps {
  readonly clock: Clock;
  /** Performs one effect; must not throw. Events that it causes are dispatched after the present one. */
  readonly perform: (effect: AcdEffect) => void;
}

export class AcdRunner {
  private current: AcdState = emptyState();
  private wake: Timer | undefined;
  private readonly effects: AcdEffect[] = [];
  private performing = false;

  constructor(private readonly deps: AcdRunnerDeps) {}

  /** The present state, to be read only. */
  get state(): AcdState {
    return this.current;
  }

  /** Applies an event; fails with `conflict` when the core refuses it. */
  dispatch(event: AcdEvent): Result<void> {
    const [state, effects] = step(this.current, event, this.deps.clock.nowMs());
    this.current = state;
    this.scheduleWake();
    this.effects.push(...effects);
    this.performAll();
    const refusal = effects.find((effect) => effect.type === 'refused');
    return refusal?.type === 'refused' ? fail('conflict', refusal.reason) : ok(undefined);
  }

  close(): void {
    this.wake?.cancel();
    this.wake = undefined;
  }

  /** Effects of an event that an effect caused come after the rest of the present ones, in order. */
  private performAll(): void {
    if (this.performing) return;
    this.performing = true;
    for (let effect = this.effects.shift(); effect; effect = this.effects.shift()) this.deps.perform(effect);
    this.performing = false;
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
