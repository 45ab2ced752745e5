/** What is set about the numbers that callers dial, beyond the flow that answers them. */
import type { RedirectContact } from '../flows/document';
import type { NumberMatch } from './number-plan';

export interface NumberSettings {
  /** Where callers of this number are sent before anything else. */
  readonly redirect?: readonly RedirectContact[] | undefined;
}

export interface CallRouting {
  match(dialled: string): NumberMatch;
  settingsOf(number: string): NumberSettings | undefined;
}

/** Numbers without any of that: they are as they are dialled. */
export const PLAIN_ROUTING: CallRouting = {
  match: () => ({ kind: 'unknown' }),
  settingsOf: () => undefined,
};
