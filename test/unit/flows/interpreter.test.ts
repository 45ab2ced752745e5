import { parseFlow } from '../../../flows/document';
import type { FlowDocument } from '../../../flows/document';
import { stepFlow } from '../../../flows/interpreter';
import type { FlowEffect, FlowEvent, FlowState } from '../../../flows/interpreter';

const prompt = (name: string) => ({ prompt: name, language: 'en' });

const flowWith = (menu: object = {}): FlowDocument => {
  const parsed = parseFlow({
    id: 'sample',
    version: 1,
    title: 'Sample',
    start: 'answer',
    steps: {
      answer: { do: 'answer', next: 'greeting' },
      greeting: { do: 'play', prompts: [prompt('welcome')], next: 'menu' },
      menu: {
        do: 'menu',
        prompts: [prompt('menu')],
        choices: { '1': { next: 'support', language: 'en' } },
        timeoutMs: 3000,
        attempts: 2,
        invalid: [prompt('invalid-choice')],
        otherwise: 'bye',
        ...menu,
      },
      support: { do: 'enqueue', queue: 'support' },
      bye: { do: 'hang-up', reason: 'no choice' },
    },
  });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

const walk = (flow: FlowDocument, events: FlowEvent[]): { state: FlowState; effects: FlowEffect[] } => {
  let state: FlowState = { kind: 'idle' };
  let effects: FlowEffect[] = [];
  for (const event of events) [state, effects] = stepFlow(flow, state, event);
  return { state, effects };
};

const TO_MENU: FlowEvent[] = [{ type: 'start' }, { type: 'answered' }, { type: 'prompts-ended' }];

describe('walking a flow', () => {
  it('idle, start → answering', () => {
    const { state, effects } = walk(flowWith(), [{ type: 'start' }]);
    expect(state).toEqual({ kind: 'answering', step: 'answer' });
    expect(effects).toContainEqual({ type: 'answer' });
  });

  it('answering, answered → playing', () => {
    const { state, effects } = walk(flowWith(), TO_MENU.slice(0, 2));
    expect(state).toEqual({ kind: 'playing', step: 'greeting' });
    expect(effects).toContainEqual({ type: 'play', prompts: [prompt('welcome')] });
  });

  it('menu-playing, digit that is a choice → queued, with the prompt interrupted', () => {
    const { state, effects } = walk(flowWith(), [...TO_MENU, { type: 'digit', digit: '1' }]);
    expect(state).toEqual({ kind: 'queued', step: 'support' });
    expect(effects.map((effect) => effect.type)).toEqual(['stop-playing', 'chose', 'entered', 'enqueue']);
    expect(effects).toContainEqual({ type: 'chose', step: 'menu', digit: '1', language: 'en' });
  });

  it('menu-playing, digit that is no choice → apology and the menu again', () => {
    const { state, effects } = walk(flowWith(), [...TO_MENU, { type: 'digit', digit: '9' }]);
    expect(state).toEqual({ kind: 'menu-playing', step: 'menu', attempt: 2 });
    expect(effects).toContainEqual({ type: 'play', prompts: [prompt('invalid-choice'), prompt('menu')] });
  });

  it('menu-waiting, timeout in the last attempt → otherwise', () => {
    const twice: FlowEvent[] = [{ type: 'prompts-ended' }, { type: 'timeout' }];
    const { state, effects } = walk(flowWith(), [...TO_MENU, ...twice, ...twice]);
    expect(state).toEqual({ kind: 'ended' });
    expect(effects).toContainEqual({ type: 'hang-up', reason: 'no choice' });
  });

  it('a menu without prompts waits at once', () => {
    const { state, effects } = walk(flowWith({ prompts: [] }), TO_MENU);
    expect(state).toEqual({ kind: 'menu-waiting', step: 'menu', attempt: 1 });
    expect(effects).toContainEqual({ type: 'start-timer', delayMs: 3000 });
  });

  it('playing, digit that the menu behind it knows → its choice', () => {
    const { state, effects } = walk(flowWith(), [...TO_MENU.slice(0, 2), { type: 'digit', digit: '1' }]);
    expect(state).toEqual({ kind: 'queued', step: 'support' });
    expect(effects.map((effect) => effect.type)).toEqual(['stop-playing', 'entered', 'chose', 'entered', 'enqueue']);
  });

  it('any other digit during a greeting changes nothing', () => {
    const { state, effects } = walk(flowWith(), [...TO_MENU.slice(0, 2), { type: 'digit', digit: '9' }]);
    expect(state.kind).toBe('playing');
    expect(effects).toEqual([]);
  });

  it.each(['start', 'answered', 'prompts-ended', 'timeout'] as const)(
    'after the flow has ended, %s changes nothing',
    (type) => {
      const twice: FlowEvent[] = [{ type: 'prompts-ended' }, { type: 'timeout' }];
      const { state, effects } = walk(flowWith(), [...TO_MENU, ...twice, ...twice, { type }]);
      expect(state).toEqual({ kind: 'ended' });
      expect(effects).toEqual([]);
    },
  );
});

describe('checking a document', () => {
  const HOURS = { from: '09:00', to: '{until}', timeZone: 'Asia/Shanghai' };
  const steps = { a: { do: 'hang-up' } };

  it.each([
    ['a start that is no step', { start: 'b', steps }, 'start: there is no step b'],
    ['a start that every object has', { start: 'constructor', steps }, 'start: there is no step constructor'],
    [
      'an unknown property',
      { start: 'a', steps: { a: { do: 'hang-up', colour: 'red' } } },
      'steps.a: Unrecognized key: "colour"',
    ],
    [
      'a target that is no step',
      { start: 'a', steps: { a: { do: 'answer', next: 'z' } } },
      'steps.a: there is no step z',
    ],
    [
      'a step that nothing leads to',
      { start: 'a', steps: { ...steps, b: { do: 'hang-up' } } },
      'steps.b: no path leads to this step',
    ],
    [
      'an unknown queue',
      { start: 'a', steps: { a: { do: 'enqueue', queue: 'nobody' } } },
      'steps.a.queue: there is no queue nobody',
    ],
    [
      'hours for a callback that is none',
      { start: 'a', steps: { a: { do: 'enqueue', queue: 'support', callbackHours: HOURS } } },
      'steps.a.callbackHours: means nothing without callback',
    ],
    [
      'hours that are no times',
      {
        start: 'a',
        steps: { a: { do: 'enqueue', queue: 'support', callback: '1', callbackHours: { ...HOURS, to: '25:00' } } },
      },
      'steps.a.callbackHours.to: a time is HH:MM, up to 24:00',
    ],
    [
      'hours of no time zone',
      {
        start: 'a',
        steps: { a: { do: 'enqueue', queue: 'support', callback: '1', callbackHours: { ...HOURS, timeZone: 'Mars' } } },
      },
      'steps.a.callbackHours.timeZone: a time zone is a name such as Asia/Shanghai',
    ],
    [
      'an unknown kind of step',
      { start: 'a', steps: { a: { do: 'eval', code: '1' } } },
      'steps.a.do: Invalid discriminator value',
    ],
  ])('refuses %s', (_what, part, message) => {
    const parsed = parseFlow({ id: 'x', version: 1, title: '', ...part }, new Set(['support']));
    expect(parsed).toMatchObject({
      ok: false,
      fault: { code: 'bad_input', message: expect.stringContaining(message) },
    });
  });
});
