/** Steps that collect, remember, decide and send away. */
import { parseFlow } from '../../../flows/document';
import type { FlowDocument } from '../../../flows/document';
import { stepFlow } from '../../../flows/interpreter';
import type { FlowEffect, FlowEvent, FlowState } from '../../../flows/interpreter';
import { MAX_VARIABLES, Variables } from '../../../flows/variables';

const prompt = (name: string) => ({ prompt: name, language: 'en' });

const flowOf = (steps: Record<string, object>): FlowDocument => {
  const parsed = parseFlow({ id: 'f', version: 1, title: '', start: 'start', steps });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

const walk = (
  flow: FlowDocument,
  events: FlowEvent[],
): { state: FlowState; effects: FlowEffect[]; all: FlowEffect[] } => {
  let state: FlowState = { kind: 'idle' };
  let effects: FlowEffect[] = [];
  const all: FlowEffect[] = [];
  for (const event of events) {
    [state, effects] = stepFlow(flow, state, event);
    all.push(...effects);
  }
  return { state, effects, all };
};

const keys = (digits: string): FlowEvent[] => [...digits].map((digit) => ({ type: 'digit', digit }));

describe('collect', () => {
  const flow = flowOf({
    start: { do: 'play', prompts: [prompt('welcome')], next: 'ask' },
    ask: {
      do: 'collect',
      prompts: [prompt('ask')],
      variable: 'extension',
      min: 3,
      max: 4,
      timeoutMs: 2000,
      attempts: 2,
      invalid: [prompt('invalid')],
      next: 'done',
      otherwise: 'none',
    },
    done: { do: 'hang-up', reason: 'done' },
    none: { do: 'hang-up', reason: 'none' },
  });
  const TO_ASK: FlowEvent[] = [{ type: 'start' }, { type: 'prompts-ended' }];
  const collected = { type: 'collected', variable: 'extension', secret: false, sensitive: false } as const;

  it('collect-playing, first key → collect-waiting, with the prompt interrupted and the timer begun', () => {
    const { state, effects } = walk(flow, [...TO_ASK, ...keys('1')]);
    expect(state).toEqual({ kind: 'collect-waiting', step: 'ask', attempt: 1, digits: '1' });
    expect(effects).toEqual([{ type: 'stop-playing' }, { type: 'start-timer', delayMs: 2000 }]);
  });

  it('collect-playing, prompts end → collect-waiting', () => {
    const { state, effects } = walk(flow, [...TO_ASK, { type: 'prompts-ended' }]);
    expect(state).toMatchObject({ kind: 'collect-waiting', digits: '' });
    expect(effects).toEqual([{ type: 'start-timer', delayMs: 2000 }]);
  });

  it.each([
    ['the last key', keys('1234'), '1234'],
    ['the terminator', keys('123#'), '123'],
    ['the timeout', [...keys('123'), { type: 'timeout' } as const], '123'],
  ])('collect-waiting, %s → the next step', (_what, events, digits) => {
    const { state, effects } = walk(flow, [...TO_ASK, ...events]);
    expect(state.kind).toBe('ended');
    expect(effects).toContainEqual({ ...collected, digits });
    expect(effects).toContainEqual({ type: 'hang-up', reason: 'done' });
  });

  it('collect-waiting, too few digits → collect-playing again with the apology, then otherwise', () => {
    const again = walk(flow, [...TO_ASK, ...keys('12#')]);
    expect(again.state).toEqual({ kind: 'collect-playing', step: 'ask', attempt: 2 });
    expect(again.effects).toContainEqual({ type: 'play', prompts: [prompt('invalid'), prompt('ask')] });
    const given = walk(flow, [...TO_ASK, ...keys('12#'), { type: 'prompts-ended' }, { type: 'timeout' }]);
    expect(given.effects).toContainEqual({ type: 'hang-up', reason: 'none' });
  });

  it('playing, key before the prompt of the collecting step → the key counts', () => {
    const { state } = walk(flow, [{ type: 'start' }, ...keys('12')]);
    expect(state).toEqual({ kind: 'collect-waiting', step: 'ask', attempt: 1, digits: '12' });
  });
});

describe('set and branch', () => {
  const flow = flowOf({
    start: { do: 'set', variables: { level: 'gold', line: '{called}' }, next: 'by-caller' },
    'by-caller': {
      do: 'branch',
      on: 'caller',
      cases: { '+4930.': 'berlin', '+49301': 'one', Boss: 'boss' },
      otherwise: 'else',
    },
    berlin: { do: 'hang-up', reason: 'berlin' },
    one: { do: 'hang-up', reason: 'one' },
    boss: { do: 'hang-up', reason: 'boss' },
    else: { do: 'hang-up', reason: 'else' },
  });
  const endOf = (value: string | undefined): unknown =>
    walk(flow, [{ type: 'start' }, { type: 'value', value }]).effects.at(-1);

  it('idle, start → reading, with the values set before', () => {
    const { state, effects } = walk(flow, [{ type: 'start' }]);
    expect(state).toEqual({ kind: 'reading', step: 'by-caller' });
    expect(effects.slice(-3)).toEqual([
      { type: 'set', variables: { level: 'gold', line: '{called}' } },
      { type: 'entered', step: 'by-caller' },
      { type: 'read', variable: 'caller' },
    ]);
  });

  it.each([
    ['+49301', 'one'],
    ['+493099', 'berlin'],
    ['Boss', 'boss'],
    ['+4940', 'else'],
    ['constructor', 'else'],
    [undefined, 'else'],
  ])('reading, value %s → %s', (value, reason) => {
    expect(endOf(value)).toEqual({ type: 'hang-up', reason });
  });
});

describe('redirect', () => {
  const flow = flowOf({
    start: { do: 'redirect', contacts: [{ uri: 'sip:{called}@other.example', q: 0.7 }], otherwise: 'here' },
    here: { do: 'hang-up', reason: 'here' },
  });

  it('acting, done → ended; not done → otherwise', () => {
    const begun = walk(flow, [{ type: 'start' }]);
    expect(begun.state).toEqual({ kind: 'acting', step: 'start' });
    expect(begun.effects.at(-1)).toEqual({
      type: 'redirect',
      contacts: [{ uri: 'sip:{called}@other.example', q: 0.7 }],
    });
    expect(walk(flow, [{ type: 'start' }, { type: 'acted', done: true }]).state.kind).toBe('ended');
    const back = walk(flow, [{ type: 'start' }, { type: 'acted', done: false }]);
    expect(back.effects.at(-1)).toEqual({ type: 'hang-up', reason: 'here' });
  });

  it.each(['http://a', 'sip:a b@c', 'sip:a@b>\r\nX: y'])('a contact that is none is refused: %j', (uri) => {
    const steps = { start: { do: 'redirect', contacts: [{ uri }], otherwise: 'here' }, here: { do: 'hang-up' } };
    expect(parseFlow({ id: 'f', version: 1, title: '', start: 'start', steps }).ok).toBe(false);
  });
});

describe('variables', () => {
  it('fill text in one pass, and nothing for what is not there', () => {
    const variables = new Variables({ a: '{b}', b: 'x' });
    expect(variables.fill('{a}-{b}-{c}-{B}')).toBe('{b}-x--{B}');
  });

  it('refuse bad names, long values and too many', () => {
    const variables = new Variables();
    expect(variables.merge({ Bad: '1', ok: '2', long: 'x'.repeat(1001), gone: undefined })).toEqual(['Bad', 'long']);
    for (let n = 0; n < MAX_VARIABLES; n += 1) variables.set(`v${n}`, '');
    expect(variables.set('one-more', '')).toBe(false);
    expect(variables.set('ok', '3')).toBe(true);
  });

  it('keep secrets out of what is written down', () => {
    const variables = new Variables({ pin: '1234', name: 'Ann' });
    variables.keepSecret('pin');
    expect(variables.toObject()).toEqual({ name: 'Ann' });
    expect(variables.fill('{pin}')).toBe('1234');
  });
});

it('steps that only give variables values, in a circle → ended, looped; forty in a row are none', () => {
  const set = (next: string) => ({ do: 'set', variables: { a: 'b' }, next });
  const circle = walk(flowOf({ start: set('again'), again: set('start') }), [{ type: 'start' }]);
  expect(circle).toMatchObject({ state: { kind: 'ended' }, effects: [{ type: 'looped' }] });
  const names = ['start', ...Array.from({ length: 40 }, (_, index) => `s${index}`)];
  const row = names.map((name, index) => [name, set(names[index + 1] ?? 'end')] as const);
  const flow = flowOf({ ...Object.fromEntries(row), end: { do: 'hang-up', reason: 'done' } });
  expect(walk(flow, [{ type: 'start' }]).effects.at(-1)).toEqual({ type: 'hang-up', reason: 'done' });
});

it('a tone is played for its time, and a key of the menu behind it ends it', () => {
  const flow = flowOf({
    start: { do: 'tone', tone: 'busy', next: 'menu' },
    menu: { do: 'menu', prompts: [], choices: { '1': { next: 'end' } }, otherwise: 'end' },
    end: { do: 'hang-up', reason: 'end' },
  });
  const { state, effects } = walk(flow, [{ type: 'start' }]);
  expect(state).toEqual({ kind: 'playing', step: 'start' });
  expect(effects.at(-1)).toEqual({ type: 'tone', tone: 'busy', durationMs: 4000 });
  expect(walk(flow, [{ type: 'start' }, { type: 'prompts-ended' }]).state.kind).toBe('menu-waiting');
  expect(walk(flow, [{ type: 'start' }, ...keys('1')]).effects).toContainEqual({ type: 'stop-playing' });
});

it.each([
  ['auto', { do: 'hang-up' }, true],
  ['auto', { do: 'enqueue', queue: 'support' }, false],
  ['always', { do: 'enqueue', queue: 'support' }, true],
  ['never', { do: 'hang-up' }, false],
])('a dial with the tone %s whose otherwise is %j tells why: %s', (tone, otherwise, tellsWhy) => {
  const flow = flowOf({ start: { do: 'dial', number: '1', tone, otherwise: 'next' }, next: otherwise });
  expect(walk(flow, [{ type: 'start' }]).effects.at(-1)).toMatchObject({ type: 'dial', tellsWhy });
});
