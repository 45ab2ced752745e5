/** What may be listened for on a leg, and what is told of it. */
import { ANSWERING_MACHINE_BOUNDS } from '../../base/answering-machine';
import type { AnsweringMachineTerms } from '../../base/answering-machine';

/** Absent properties are not listened for; an empty object ends all of it. */
export interface Detection {
  /** Fax machines and modems that call (CNG) or answer (CED, ANSam). */
  readonly fax?: boolean | undefined;
  /** The peer has said nothing for so long, and says something again: 200 ms to 10 min. */
  readonly silenceMs?: number | undefined;
  /** Whether a person or a machine has answered. Ask at the moment of the answer. */
  readonly answeringMachine?: AnsweringMachineTerms | undefined;
}

export const SILENCE_BOUNDS_MS = [200, 600_000] as const;

/**
 * `cng`: a fax machine that calls (T.30). `ced`: a steady 2100 Hz, by a fax machine or modem that answers (T.30, V.25).
 * `ansam`: the same with its phase reversed or its amplitude modulated, by newer ones (V.25, V.8).
 */
export type FaxTone = 'cng' | 'ced' | 'ansam';

export type AnsweredBy = 'human' | 'machine' | 'not-sure';

export type AnswerCause =
  /** human: said something short and waits. */
  | 'short-greeting'
  /** machine */
  | 'initial-silence'
  | 'long-greeting'
  | 'many-words'
  | 'beep'
  /** not-sure: the time was over. */
  | 'time-over';

/** What a detector has found. */
export type Finding =
  /** Once for each burst of CNG, once for each answer tone. */
  | { readonly type: 'fax-detected'; readonly tone: FaxTone }
  | { readonly type: 'silence-changed'; readonly silent: boolean }
  | { readonly type: 'answered-by'; readonly answeredBy: AnsweredBy; readonly cause: AnswerCause }
  /** A machine waits for a message now; or neither beep nor silence came in time. */
  | { readonly type: 'greeting-ended'; readonly by: 'beep' | 'silence' | 'time'; readonly beepHz?: number };

/** What is wrong with it, for whoever asks. */
export function faultIn({ silenceMs, answeringMachine = {} }: Detection): string | undefined {
  const [shortest, longest] = SILENCE_BOUNDS_MS;
  if (silenceMs !== undefined && !(silenceMs >= shortest && silenceMs <= longest))
    return `silenceMs is ${shortest} to ${longest}, not ${silenceMs}`;
  for (const [name, [lowest, highest]] of Object.entries(ANSWERING_MACHINE_BOUNDS)) {
    const value = answeringMachine[name as keyof AnsweringMachineTerms];
    if (value !== undefined && !(value >= lowest && value <= highest))
      return `${name} is ${lowest} to ${highest}, not ${value}`;
  }
  return undefined;
}
