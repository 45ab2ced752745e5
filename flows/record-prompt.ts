/** The step by which somebody who calls records a prompt, hears it, and keeps it or tries again. */
import { invariant } from '../base/errors';
import type { Step } from './document';
import type { FlowEffect, FlowEvent, Move } from './interpreter';

type RecordStep = Extract<Step, { do: 'record-prompt' }>;

/** What is said to whoever records. */
export type TakeGuide = 'begin' | 'again' | 'review';

/**
 * ```
 * take-guiding ─said─► take-recording ─key, longest─► take-reviewing ─1─► acting (kept, or not)
 *       ▲                                                  │ ├─2─► take-guiding
 *       └───────────────── nothing was recorded ───────────┘ └─*, no key in time─► otherwise
 * ```
 */
export type RecordState =
  | { readonly kind: 'take-guiding'; readonly step: string; readonly attempt: number }
  | { readonly kind: 'take-recording'; readonly step: string; readonly attempt: number }
  | { readonly kind: 'take-reviewing'; readonly step: string; readonly attempt: number };

const REVIEW_TIMEOUT_MS = 8_000;
/** After its longest a take ends by itself; when nothing has been heard of that so much later, it could not begin. */
const TAKE_GRACE_MS = 2_000;

export const beginRecording = (name: string, effects: FlowEffect[]): Move => ({
  stay: { kind: 'take-guiding', step: name, attempt: 1 },
  effects: [...effects, { type: 'guide', guide: 'begin' }],
});

export const stepRecording = (step: Step, state: RecordState, event: FlowEvent): Move => {
  invariant(step.do === 'record-prompt', `step ${state.step} records nothing`);
  switch (state.kind) {
    case 'take-guiding':
      if (event.type !== 'prompts-ended' && event.type !== 'prompts-failed') return { stay: state, effects: [] };
      return {
        stay: { ...state, kind: 'take-recording' },
        effects: [
          { type: 'start-take', maxMs: step.maxMs },
          { type: 'start-timer', delayMs: step.maxMs + TAKE_GRACE_MS },
        ],
      };
    case 'take-recording':
      if (event.type !== 'digit' && event.type !== 'take-ended' && event.type !== 'timeout')
        return { stay: state, effects: [] };
      return {
        stay: { ...state, kind: 'take-reviewing' },
        effects: [{ type: 'cancel-timer' }, { type: 'stop-take' }, { type: 'guide', guide: 'review' }],
      };
    case 'take-reviewing':
      return review(step, state, event);
  }
};

const review = (step: RecordStep, state: RecordState, event: FlowEvent): Move => {
  if (event.type === 'prompts-ended')
    return { stay: state, effects: [{ type: 'start-timer', delayMs: REVIEW_TIMEOUT_MS }] };
  if (event.type === 'prompts-failed') return again(step, state, []);
  if (event.type === 'timeout') return { to: step.otherwise, effects: [{ type: 'drop-take' }] };
  if (event.type !== 'digit') return { stay: state, effects: [] };
  const quiet: FlowEffect[] = [{ type: 'stop-playing' }, { type: 'cancel-timer' }];
  switch (event.digit) {
    case '1': {
      const { name, language } = step;
      const keep: FlowEffect = { type: 'keep-take', name, language };
      return { stay: { kind: 'acting', step: state.step }, effects: [...quiet, keep] };
    }
    case '2':
      return again(step, state, quiet);
    case '*':
      return { to: step.otherwise, effects: [...quiet, { type: 'drop-take' }] };
    default:
      return { stay: state, effects: [] };
  }
};

const again = (step: RecordStep, state: RecordState, before: FlowEffect[]): Move => {
  const effects: FlowEffect[] = [...before, { type: 'drop-take' }];
  if (state.attempt >= step.attempts) return { to: step.otherwise, effects };
  return {
    stay: { kind: 'take-guiding', step: state.step, attempt: state.attempt + 1 },
    effects: [...effects, { type: 'guide', guide: 'again' }],
  };
};
