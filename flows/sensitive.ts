/** Where a flow collects what must be kept nowhere, such as a card number. */
import type { FlowDocument } from './document';
import type { FlowState } from './interpreter';

/**
 * Whether keys that come in this state are sensitive: the step collects them as such, or it plays what goes before such a
 * step, which a key interrupts.
 */
export const isSensitive = (flow: FlowDocument, state: FlowState): boolean => {
  if (!('step' in state)) return false;
  const step = flow.steps[state.step];
  if (step?.do === 'collect') return step.sensitive;
  if (state.kind !== 'playing' || step?.do !== 'play') return false;
  const next = flow.steps[step.next];
  return next?.do === 'collect' && next.sensitive;
};
