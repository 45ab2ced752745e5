/** Walks a flow document: `stepFlow(flow, state, event)`. Effects are data; whoever runs the call performs them. */
import type { AnsweringMachineTerms } from '../base/answering-machine';
import { invariant, unreachable } from '../base/errors';
import { bestMatch } from '../base/number-pattern';
import type { CollectState } from './collect';
import { beginCollecting, stepCollect } from './collect';
import { beginDetecting, stepDetect } from './detect';
import type { DetectState, Heard, Listening } from './detect';
import { isSensitive } from './sensitive';
import type { ContactFacts, FlowDocument, HoursWish, Prompt, RedirectContact, Step } from './document';
import { beginRecording, stepRecording } from './record-prompt';
import type { RecordState, TakeGuide } from './record-prompt';

type ConferenceStep = Extract<Step, { do: 'conference' }>;
type DialStep = Extract<Step, { do: 'dial' }>;
type HandOverStep = Extract<Step, { do: 'hand-over' }>;
type RecordingStep = Extract<Step, { do: 'recording' }>;
type SayStep = Extract<Step, { do: 'say' }>;
type ToneStep = Extract<Step, { do: 'tone' }>;
type MenuStep = Extract<Step, { do: 'menu' }>;

/**
 * ```
 * idle ─start─► (answering │ playing │ menu-playing ─prompts end─► menu-waiting │ collecting │ recording │ reading │ acting) ─► …
 *      ─► queued │ ended
 * ```
 */
export type FlowState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'answering'; readonly step: string }
  | { readonly kind: 'playing'; readonly step: string }
  | { readonly kind: 'menu-playing'; readonly step: string; readonly attempt: number }
  | { readonly kind: 'menu-waiting'; readonly step: string; readonly attempt: number }
  | CollectState
  | RecordState
  | DetectState
  /** Waits for a variable's value, which comes at once. */
  | { readonly kind: 'reading'; readonly step: string }
  /** Waits for the outcome of what a step does outside the flow. */
  | { readonly kind: 'acting'; readonly step: string }
  | { readonly kind: 'queued'; readonly step: string }
  | { readonly kind: 'ended' };

export type FlowEvent =
  | { readonly type: 'start' }
  | { readonly type: 'answered' }
  | { readonly type: 'prompts-ended' }
  /** Nothing could be played: a sound is missing, or the speech engine is. */
  | { readonly type: 'prompts-failed' }
  /** A recording has come to its longest. */
  | { readonly type: 'take-ended' }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'timeout' }
  /** The answer to `read`; undefined when there is no such variable. */
  | { readonly type: 'value'; readonly value: string | undefined }
  /** What the step was to do outside the flow could, or could not, be done. */
  | { readonly type: 'acted'; readonly done: boolean }
  /** An answering machine, or a fax machine, has answered where a step dialled. */
  | { readonly type: 'machine-answered' }
  | { readonly type: 'heard'; readonly what: Heard }
  /** The agent has hung up, the caller has not. */
  | { readonly type: 'agent-left' };

export type FlowEffect =
  | { readonly type: 'answer' }
  | { readonly type: 'play'; readonly prompts: readonly Prompt[] }
  | ({ readonly type: 'say' } & Pick<SayStep, 'kind' | 'value' | 'language' | 'currency'>)
  | ({ readonly type: 'tone' } & Pick<ToneStep, 'tone' | 'durationMs'>)
  | { readonly type: 'guide'; readonly guide: TakeGuide }
  | { readonly type: 'start-take'; readonly maxMs: number }
  | { readonly type: 'stop-take' | 'drop-take' }
  | { readonly type: 'keep-take'; readonly name: string; readonly language: string }
  | { readonly type: 'stop-playing' }
  /** Replaces the timer that runs, if one does. */
  | { readonly type: 'start-timer'; readonly delayMs: number }
  | { readonly type: 'cancel-timer' }
  /** The caller's choice in a menu: kept with the interaction. */
  | { readonly type: 'chose'; readonly step: string; readonly digit: string; readonly language?: string }
  /** Digits for a variable. */
  | {
      readonly type: 'collected';
      readonly variable: string;
      readonly digits: string;
      readonly secret: boolean;
      readonly sensitive: boolean;
    }
  /** New values; `{name}` in them stands for a variable. */
  | { readonly type: 'set'; readonly variables: Readonly<Record<string, string>> }
  | { readonly type: 'read'; readonly variable: string }
  | { readonly type: 'redirect'; readonly contacts: readonly RedirectContact[] }
  | { readonly type: 'look-up'; readonly lookUp: string; readonly sends: readonly string[] }
  /** From here on keys are sensitive, or not any more. */
  | { readonly type: 'mask' | 'unmask' }
  | ({ readonly type: 'recording' } & Pick<RecordingStep, 'action' | 'maxMs'> & { readonly step: string })
  | ({ readonly type: 'conference' } & Pick<ConferenceStep, 'room' | 'role'>)
  /** `tellsWhy`: the caller hears a tone before the flow goes on, when nobody has answered. */
  | ({ readonly type: 'dial'; readonly tellsWhy: boolean } & Pick<DialStep, 'number' | 'ringTimeoutMs' | 'headers'> & {
        /** A person is to be told from a machine, by these terms. */
        readonly answeringMachine?: AnsweringMachineTerms | undefined;
      })
  /** Listen to the caller for this; what the whole flow listens for goes on. */
  | { readonly type: 'detect'; readonly listening: Listening }
  | { readonly type: 'stop-detecting' }
  | ({ readonly type: 'hand-over' } & Pick<HandOverStep, 'by' | 'uri' | 'site' | 'number' | 'ttlMs'>)
  | {
      readonly type: 'enqueue';
      readonly queue: string;
      readonly priority: number;
      readonly prompts: readonly Prompt[];
      readonly music: string;
      readonly greeting: 'none' | 'agent-number';
      readonly callback?: string | undefined;
      readonly callbackHours?: HoursWish | undefined;
      readonly contact?: ContactFacts | undefined;
      readonly afterAgent?: string | undefined;
      readonly releaseMode?: 'either' | 'caller' | 'callee' | undefined;
      readonly reanswerMs?: number | undefined;
      readonly answerMode?: 'manual' | 'automatic' | undefined;
      readonly answerDelayMs?: number | undefined;
    }
  | { readonly type: 'hang-up'; readonly reason: string }
  /** The document goes in a circle without waiting for anything: there is nothing that could end it. */
  | { readonly type: 'looped' }
  /** For the journey that the agent sees. */
  | { readonly type: 'entered'; readonly step: string };

/** More than this without waiting for anything: the document loops. A step that gives variables values has two. */
const MAX_EFFECTS_AT_ONCE = 200;

/** Applies one event; an event that means nothing in the present state changes nothing. */
export const stepFlow = (flow: FlowDocument, state: FlowState, event: FlowEvent): [FlowState, FlowEffect[]] => {
  const [next, effects] = walk(flow, state, event);
  const [was, is] = [isSensitive(flow, state), isSensitive(flow, next)];
  if (was === is) return [next, effects];
  // Masked before anything is asked for; unmasked before anybody else is let in.
  return [next, [{ type: is ? 'mask' : 'unmask' }, ...effects]];
};

const walk = (flow: FlowDocument, state: FlowState, event: FlowEvent): [FlowState, FlowEffect[]] => {
  if (event.type === 'heard' && event.what === 'fax' && flow.fax !== undefined && isForFax(flow, state))
    return enter(flow, flow.fax, [...QUIET_FOR_FAX]);
  switch (state.kind) {
    case 'idle':
      return event.type === 'start' ? enter(flow, flow.start, []) : [state, []];
    case 'answering':
      return event.type === 'answered' ? leave(flow, state.step) : [state, []];
    case 'playing':
      if (event.type === 'digit') return typeAhead(flow, state, event.digit);
      if (event.type === 'prompts-failed') return leaveUnsaid(flow, state.step);
      return event.type === 'prompts-ended' ? leave(flow, state.step) : [state, []];
    case 'menu-playing':
    case 'menu-waiting':
      return stepMenu(flow, state, event);
    case 'collect-playing':
    case 'collect-waiting':
      return goOn(flow, stepCollect(stepAt(flow, state.step), state, event));
    case 'take-guiding':
    case 'take-recording':
    case 'take-reviewing':
      return goOn(flow, stepRecording(stepAt(flow, state.step), state, event));
    case 'detecting':
      return goOn(flow, stepDetect(stepAt(flow, state.step), state, event));
    case 'reading':
      return event.type === 'value' ? branch(flow, state.step, event.value) : [state, []];
    case 'acting':
      if (event.type === 'machine-answered') return machineAnswered(flow, state.step);
      return event.type === 'acted' ? acted(flow, state.step, event.done) : [state, []];
    case 'queued':
      return event.type === 'agent-left' ? afterAgent(flow, state) : [state, []];
    case 'ended':
      return [state, []];
    default:
      return unreachable(state);
  }
};

/** Whatever the step was doing. */
const QUIET_FOR_FAX: readonly FlowEffect[] = [
  { type: 'stop-playing' },
  { type: 'cancel-timer' },
  { type: 'drop-take' },
  { type: 'stop-detecting' },
];

/** What a step does outside the flow cannot be taken back; a step that waits for a fax machine itself knows better. */
export const isForFax = (flow: FlowDocument, state: FlowState): boolean => {
  if (state.kind === 'idle' || state.kind === 'ended' || state.kind === 'acting') return false;
  const step = stepAt(flow, state.step);
  return step.do !== 'detect' || step.fax === undefined;
};

const stepAt = (flow: FlowDocument, name: string): Step => {
  const step = flow.steps[name];
  invariant(step, `flow ${flow.id} has no step ${name}`);
  return step;
};

const leave = (flow: FlowDocument, name: string): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, name);
  const goesOn = step.do === 'answer' || step.do === 'play' || step.do === 'say' || step.do === 'tone';
  invariant(goesOn, `step ${name} has no next`);
  return enter(flow, step.next, []);
};

/** A missing prompt is passed over; what a `say` step could not say may matter. */
const leaveUnsaid = (flow: FlowDocument, name: string): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, name);
  if (step.do !== 'say' || step.otherwise === undefined) return leave(flow, name);
  return enter(flow, step.otherwise, []);
};

/** Where the state machine of one step ended up: still in it, or at another step. */
export type Move =
  | { readonly stay: FlowState; readonly effects: FlowEffect[] }
  | { readonly to: string; readonly effects: FlowEffect[] };

const goOn = (flow: FlowDocument, move: Move): [FlowState, FlowEffect[]] =>
  'to' in move ? enter(flow, move.to, move.effects) : [move.stay, move.effects];

const afterAgent = (flow: FlowDocument, state: Extract<FlowState, { kind: 'queued' }>): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, state.step);
  invariant(step.do === 'enqueue', `step ${state.step} is no queue`);
  return step.afterAgent === undefined ? [state, []] : enter(flow, step.afterAgent, []);
};

/** The same value, else the best of the cases that are patterns of numbers. */
const branch = (flow: FlowDocument, name: string, value: string | undefined): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, name);
  invariant(step.do === 'branch', `step ${name} does not branch`);
  if (value === undefined) return enter(flow, step.otherwise, []);
  const exact = Object.hasOwn(step.cases, value) ? step.cases[value] : undefined;
  const pattern = exact === undefined ? bestMatch(Object.keys(step.cases), value)?.pattern : undefined;
  return enter(flow, exact ?? (pattern === undefined ? undefined : step.cases[pattern]) ?? step.otherwise, []);
};

/** Of the steps that act outside the flow a look-up and a recorded prompt go on when it is done; the others have given the call away. */
const acted = (flow: FlowDocument, name: string, done: boolean): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, name);
  const goesOn = step.do === 'look-up' || step.do === 'record-prompt' || step.do === 'conference';
  if (goesOn) return enter(flow, done ? step.next : step.otherwise, []);
  const isLast = step.do === 'redirect' || step.do === 'hand-over' || step.do === 'dial';
  invariant(isLast, `step ${name} does not act outside the flow`);
  return done ? [{ kind: 'ended' }, []] : enter(flow, step.otherwise, []);
};

const machineAnswered = (flow: FlowDocument, name: string): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, name);
  invariant(step.do === 'dial', `step ${name} does not dial`);
  return enter(flow, step.machine ?? step.otherwise, []);
};

/** Who knows the menu presses its key during the greeting before it: a choice counts, any other key is ignored. */
const typeAhead = (
  flow: FlowDocument,
  state: Extract<FlowState, { kind: 'playing' }>,
  digit: string,
): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, state.step);
  invariant(step.do === 'play' || step.do === 'say' || step.do === 'tone', `step ${state.step} plays nothing`);
  const menu = stepAt(flow, step.next);
  if (menu.do === 'collect') {
    const before: FlowEffect[] = [{ type: 'stop-playing' }, { type: 'entered', step: step.next }];
    const begun: CollectState = { kind: 'collect-waiting', step: step.next, attempt: 1, digits: '' };
    const move = stepCollect(menu, begun, { type: 'digit', digit });
    return goOn(flow, { ...move, effects: [...before, ...move.effects] });
  }
  if (menu.do !== 'menu' || !menu.choices[digit]) return [state, []];
  return choose(flow, {
    name: step.next,
    menu,
    digit,
    before: [{ type: 'stop-playing' }, { type: 'entered', step: step.next }],
  });
};

/** A key that is one of the menu's choices. */
const choose = (
  flow: FlowDocument,
  made: { name: string; menu: MenuStep; digit: string; before: FlowEffect[] },
): [FlowState, FlowEffect[]] => {
  const { name, menu, digit, before } = made;
  const choice = menu.choices[digit];
  invariant(choice, `${digit} is no choice of step ${name}`);
  const language = choice.language === undefined ? {} : { language: choice.language };
  return enter(flow, choice.next, [...before, { type: 'chose', step: name, digit, ...language }]);
};

const enter = (flow: FlowDocument, name: string, before: FlowEffect[]): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, name);
  const effects: FlowEffect[] = [...before, { type: 'entered', step: name }];
  if (effects.length > MAX_EFFECTS_AT_ONCE) return [{ kind: 'ended' }, [{ type: 'looped' }]];
  switch (step.do) {
    case 'answer':
      return [{ kind: 'answering', step: name }, [...effects, { type: 'answer' }]];
    case 'play':
      return [{ kind: 'playing', step: name }, [...effects, { type: 'play', prompts: step.prompts }]];
    case 'say': {
      const { kind, value, language, currency } = step;
      return [{ kind: 'playing', step: name }, [...effects, { type: 'say', kind, value, language, currency }]];
    }
    case 'tone': {
      const { tone, durationMs } = step;
      return [{ kind: 'playing', step: name }, [...effects, { type: 'tone', tone, durationMs }]];
    }
    case 'record-prompt':
      return goOn(flow, beginRecording(name, effects));
    case 'menu':
      return askMenu(name, step, { attempt: 1, effects, prompts: step.prompts });
    case 'collect':
      return goOn(flow, beginCollecting(step, { name, attempt: 1, effects, prompts: step.prompts }));
    case 'set':
      return enter(flow, step.next, [...effects, { type: 'set', variables: step.variables }]);
    case 'branch':
      return [{ kind: 'reading', step: name }, [...effects, { type: 'read', variable: step.on }]];
    case 'redirect':
      return [{ kind: 'acting', step: name }, [...effects, { type: 'redirect', contacts: step.contacts }]];
    case 'look-up':
      return [
        { kind: 'acting', step: name },
        [...effects, { type: 'look-up', lookUp: step['look-up'], sends: step.sends }],
      ];
    case 'recording': {
      const { action, maxMs } = step;
      return enter(flow, step.next, [...effects, { type: 'recording', action, maxMs, step: name }]);
    }
    case 'hand-over': {
      const { by, uri, site, number, ttlMs } = step;
      return [{ kind: 'acting', step: name }, [...effects, { type: 'hand-over', by, uri, site, number, ttlMs }]];
    }
    case 'dial': {
      const { number, ringTimeoutMs, headers, machine } = step;
      const answeringMachine = machine === undefined ? undefined : (step.answeringMachine ?? {});
      const order = { number, ringTimeoutMs, headers, answeringMachine, tellsWhy: tellsWhy(flow, step) };
      return [{ kind: 'acting', step: name }, [...effects, { type: 'dial', ...order }]];
    }
    case 'detect':
      return goOn(flow, beginDetecting(step, name, effects));
    case 'conference': {
      const { room, role } = step;
      return [{ kind: 'acting', step: name }, [...effects, { type: 'conference', room, role }]];
    }
    case 'enqueue': {
      const { do: _do, ...order } = step;
      return [{ kind: 'queued', step: name }, [...effects, { type: 'enqueue', ...order }]];
    }
    case 'hang-up':
      return [{ kind: 'ended' }, [...effects, { type: 'hang-up', reason: step.reason }]];
    default:
      return unreachable(step);
  }
};

/** Who is cut off next would not know why; who is helped on does not want to wait. */
const tellsWhy = (flow: FlowDocument, { tone, otherwise }: DialStep): boolean =>
  tone === 'always' || (tone === 'auto' && stepAt(flow, otherwise).do === 'hang-up');

const askMenu = (
  name: string,
  step: MenuStep,
  ask: { attempt: number; effects: FlowEffect[]; prompts: readonly Prompt[] },
): [FlowState, FlowEffect[]] => {
  const { attempt, effects, prompts } = ask;
  if (prompts.length === 0) {
    const timer = { type: 'start-timer', delayMs: step.timeoutMs } as const;
    return [{ kind: 'menu-waiting', step: name, attempt }, [...effects, timer]];
  }
  return [{ kind: 'menu-playing', step: name, attempt }, [...effects, { type: 'play', prompts }]];
};

const stepMenu = (
  flow: FlowDocument,
  state: Extract<FlowState, { kind: 'menu-playing' | 'menu-waiting' }>,
  event: FlowEvent,
): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, state.step);
  invariant(step.do === 'menu', `step ${state.step} is no menu`);
  const quiet: FlowEffect[] = [state.kind === 'menu-playing' ? { type: 'stop-playing' } : { type: 'cancel-timer' }];
  const isSilent = event.type === 'prompts-ended' || event.type === 'prompts-failed';
  if (isSilent && state.kind === 'menu-playing') {
    return [{ ...state, kind: 'menu-waiting' }, [{ type: 'start-timer', delayMs: step.timeoutMs }]];
  }
  if (event.type === 'timeout' && state.kind === 'menu-waiting')
    return retry(flow, state, { effects: [], apology: [] });
  if (event.type !== 'digit') return [state, []];
  if (!step.choices[event.digit]) return retry(flow, state, { effects: quiet, apology: step.invalid });
  return choose(flow, { name: state.step, menu: step, digit: event.digit, before: quiet });
};

const retry = (
  flow: FlowDocument,
  state: Extract<FlowState, { kind: 'menu-playing' | 'menu-waiting' }>,
  how: { effects: FlowEffect[]; apology: readonly Prompt[] },
): [FlowState, FlowEffect[]] => {
  const step = stepAt(flow, state.step);
  invariant(step.do === 'menu', `step ${state.step} is no menu`);
  const { effects, apology } = how;
  if (state.attempt >= step.attempts) return enter(flow, step.otherwise, effects);
  return askMenu(state.step, step, { attempt: state.attempt + 1, effects, prompts: [...apology, ...step.prompts] });
};
