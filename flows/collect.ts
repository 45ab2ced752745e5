/** The step that collects several keys, such as a number to be dialled in the second stage. */
import { invariant } from '../base/errors';
import type { Prompt, Step } from './document';
import type { FlowEffect, FlowEvent, Move } from './interpreter';

type CollectStep = Extract<Step, { do: 'collect' }>;

/**
 * ```
 * collect-playing ─prompts end, first key─► collect-waiting ─terminator, last key, timeout─► the step's next
 *        ▲────────────── too few digits ──────────┘
 * ```
 */
export type CollectState =
  | { readonly kind: 'collect-playing'; readonly step: string; readonly attempt: number }
  | { readonly kind: 'collect-waiting'; readonly step: string; readonly attempt: number; readonly digits: string };

/** Asks, for the first time or again. */
export const beginCollecting = (
  step: CollectStep,
  ask: { name: string; attempt: number; effects: FlowEffect[]; prompts: readonly Prompt[] },
): Move => {
  const { name, attempt, effects, prompts } = ask;
  if (prompts.length === 0) {
    const timer = { type: 'start-timer', delayMs: step.timeoutMs } as const;
    return { stay: { kind: 'collect-waiting', step: name, attempt, digits: '' }, effects: [...effects, timer] };
  }
  return { stay: { kind: 'collect-playing', step: name, attempt }, effects: [...effects, { type: 'play', prompts }] };
};

export const stepCollect = (step: Step, state: CollectState, event: FlowEvent): Move => {
  invariant(step.do === 'collect', `step ${state.step} collects nothing`);
  const timer = { type: 'start-timer', delayMs: step.timeoutMs } as const;
  if (state.kind === 'collect-playing') {
    if (event.type === 'digit') return take(step, { ...state, kind: 'collect-waiting', digits: '' }, event.digit);
    if (event.type !== 'prompts-ended' && event.type !== 'prompts-failed') return { stay: state, effects: [] };
    return { stay: { ...state, kind: 'collect-waiting', digits: '' }, effects: [timer] };
  }
  if (event.type === 'digit') return take(step, state, event.digit);
  return event.type === 'timeout' ? finish(step, state, []) : { stay: state, effects: [] };
};

const take = (step: CollectStep, state: Extract<CollectState, { kind: 'collect-waiting' }>, digit: string): Move => {
  const quiet: FlowEffect[] = state.digits === '' ? [{ type: 'stop-playing' }] : [];
  if (digit === step.terminator) return finish(step, state, [...quiet, { type: 'cancel-timer' }]);
  const digits = state.digits + digit;
  if (digits.length >= step.max) return finish(step, { ...state, digits }, [...quiet, { type: 'cancel-timer' }]);
  return { stay: { ...state, digits }, effects: [...quiet, { type: 'start-timer', delayMs: step.timeoutMs }] };
};

const finish = (
  step: CollectStep,
  state: Extract<CollectState, { kind: 'collect-waiting' }>,
  effects: FlowEffect[],
): Move => {
  const { digits, attempt, step: name } = state;
  if (digits.length >= step.min) {
    const { variable, secret, sensitive } = step;
    return { to: step.next, effects: [...effects, { type: 'collected', variable, digits, secret, sensitive }] };
  }
  if (attempt >= step.attempts) return { to: step.otherwise, effects };
  const prompts = [...step.invalid, ...step.prompts];
  return beginCollecting(step, { name, attempt: attempt + 1, effects, prompts });
};
