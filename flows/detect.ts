/** The step that listens to the caller, and goes on by what is heard first. */
import type { AnsweringMachineTerms } from '../base/answering-machine';
import { invariant, unreachable } from '../base/errors';
import type { Step } from './document';
import type { FlowEffect, FlowEvent, Move } from './interpreter';

type DetectStep = Extract<Step, { do: 'detect' }>;

/** What a leg is listened to for. */
export interface Listening {
  readonly fax?: boolean | undefined;
  readonly silenceMs?: number | undefined;
  readonly answeringMachine?: AnsweringMachineTerms | undefined;
}

/** `not-sure`: the time to tell a person from a machine was over. */
export type Heard = 'fax' | 'silence' | 'human' | 'machine' | 'not-sure' | 'greeting-over';

/** `detecting ─heard─► its step │ ─time─► next` */
export interface DetectState {
  readonly kind: 'detecting';
  readonly step: string;
}

export const beginDetecting = (step: DetectStep, name: string, effects: FlowEffect[]): Move => ({
  stay: { kind: 'detecting', step: name },
  effects: [
    ...effects,
    { type: 'detect', listening: listeningOf(step) },
    { type: 'start-timer', delayMs: step.timeoutMs },
  ],
});

const listeningOf = ({ silence, silenceMs, fax, human, machine, beep, answeringMachine }: DetectStep): Listening => ({
  ...(fax !== undefined && { fax: true }),
  ...(silence !== undefined && { silenceMs }),
  ...([human, machine, beep].some((path) => path !== undefined) && { answeringMachine: answeringMachine ?? {} }),
});

export const stepDetect = (step: Step, state: DetectState, event: FlowEvent): Move => {
  invariant(step.do === 'detect', `step ${state.step} detects nothing`);
  const done: FlowEffect[] = [{ type: 'cancel-timer' }, { type: 'stop-detecting' }];
  if (event.type === 'timeout') return { to: step.next, effects: done };
  const path = event.type === 'heard' ? pathOf(step, event.what) : undefined;
  return path === undefined ? { stay: state, effects: [] } : { to: path, effects: done };
};

/** Undefined where it is listened on. */
const pathOf = (step: DetectStep, heard: Heard): string | undefined => {
  switch (heard) {
    case 'fax':
      return step.fax;
    case 'silence':
      return step.silence;
    case 'human':
      return step.human ?? withoutOthers(step);
    case 'machine':
      return step.machine ?? (step.beep === undefined ? withoutOthers(step) : undefined);
    case 'not-sure':
      return withoutOthers(step);
    case 'greeting-over':
      return step.beep;
    default:
      return unreachable(heard);
  }
};

/** Who has answered is known, and nothing else can be heard any more. */
const withoutOthers = ({ silence, fax, next }: DetectStep): string | undefined =>
  silence === undefined && fax === undefined ? next : undefined;
