/** What a flow does about what is heard of the caller. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFlow } from '../../../flows/document';
import type { FlowDocument } from '../../../flows/document';
import { stepFlow } from '../../../flows/interpreter';
import type { FlowEffect, FlowEvent, FlowState } from '../../../flows/interpreter';

const END = {
  a: { do: 'hang-up', reason: 'a' },
  b: { do: 'hang-up', reason: 'b' },
  next: { do: 'hang-up', reason: 'next' },
};

const documentOf = (steps: object, more: object = {}): unknown => ({
  ...{ id: 'f', version: 1, title: 'Listens', start: 'first', steps },
  ...more,
});

const parsed = (steps: object, more?: object): FlowDocument => {
  const flow = parseFlow(documentOf(steps, more));
  if (!flow.ok) throw new Error(flow.fault.message);
  return flow.value;
};

const walk = (flow: FlowDocument, ...events: readonly FlowEvent[]): [FlowState, FlowEffect[]] => {
  let state: FlowState = { kind: 'idle' };
  let all: FlowEffect[] = [];
  for (const event of [{ type: 'start' } as const, ...events]) {
    const [after, effects] = stepFlow(flow, state, event);
    state = after;
    all = [...all, ...effects];
  }
  return [state, all];
};

const heard = (what: Extract<FlowEvent, { type: 'heard' }>['what']): FlowEvent => ({ type: 'heard', what });
const endOf = (flow: FlowDocument, ...events: readonly FlowEvent[]): string | undefined =>
  walk(flow, ...events)[1].flatMap((effect) => (effect.type === 'hang-up' ? [effect.reason] : []))[0];

describe('a detect step', () => {
  it('listens for what it has steps for, and stops when it is left', () => {
    const flow = parsed({ first: { do: 'detect', fax: 'a', silence: 'b', silenceMs: 700, next: 'next' }, ...END });
    const [state, effects] = walk(flow);
    expect(state).toEqual({ kind: 'detecting', step: 'first' });
    expect(effects.slice(-2)).toEqual([
      { type: 'detect', listening: { fax: true, silenceMs: 700 } },
      { type: 'start-timer', delayMs: 10_000 },
    ]);
    expect(walk(flow, heard('fax'))[1]).toEqual(
      expect.arrayContaining([{ type: 'cancel-timer' }, { type: 'stop-detecting' }]),
    );
    expect(endOf(flow, heard('fax'))).toBe('a');
    expect(endOf(flow, heard('silence'))).toBe('b');
    expect(endOf(flow, { type: 'timeout' })).toBe('next');
    expect(endOf(flow, { type: 'digit', digit: '1' })).toBeUndefined();
  });

  it('a machine without a step of its own is waited for until its greeting is over', () => {
    const terms = { greetingMs: 1500 };
    const flow = parsed({
      first: { do: 'detect', human: 'a', beep: 'b', answeringMachine: terms, next: 'next' },
      ...END,
    });
    expect(walk(flow)[1]).toContainEqual({ type: 'detect', listening: { answeringMachine: terms } });
    expect(endOf(flow, heard('human'))).toBe('a');
    expect(endOf(flow, heard('machine'))).toBeUndefined();
    expect(endOf(flow, heard('machine'), heard('greeting-over'))).toBe('b');
    expect(endOf(flow, heard('not-sure'))).toBe('next');
  });

  it('who answered does not end the listening for anything else', () => {
    const flow = parsed({ first: { do: 'detect', machine: 'a', silence: 'b', next: 'next' }, ...END });
    expect(endOf(flow, heard('human'))).toBeUndefined();
    expect(endOf(flow, heard('human'), heard('silence'))).toBe('b');
  });

  it('needs something to listen for, and terms within their bounds', () => {
    expect(parseFlow(documentOf({ first: { do: 'detect', next: 'next' }, next: END.next })).ok).toBe(false);
    const wrong = { do: 'detect', human: 'a', next: 'next', answeringMachine: { maxWords: 0 } };
    expect(parseFlow(documentOf({ first: wrong, a: END.a, next: END.next })).ok).toBe(false);
  });
});

describe('a flow with a step for fax machines', () => {
  const PROMPT = { prompt: 'welcome', language: 'en' };
  const steps = {
    first: { do: 'play', prompts: [PROMPT], next: 'dial' },
    dial: { do: 'dial', number: '1', otherwise: 'queue' },
    queue: { do: 'enqueue', queue: 'support' },
    a: { do: 'hang-up', reason: 'a' },
  };
  const flow = parsed(steps, { fax: 'a' });

  it('goes there from a prompt and from the queue, and makes it quiet first', () => {
    expect(endOf(flow, heard('fax'))).toBe('a');
    expect(walk(flow, heard('fax'))[1]).toEqual(
      expect.arrayContaining([{ type: 'stop-playing' }, { type: 'stop-detecting' }]),
    );
    expect(endOf(flow, { type: 'prompts-ended' }, { type: 'acted', done: false }, heard('fax'))).toBe('a');
  });

  it('does not go there while a number is dialled', () => {
    expect(endOf(flow, { type: 'prompts-ended' }, heard('fax'))).toBeUndefined();
  });

  it('refuses a step that is not there', () => {
    expect(parseFlow(documentOf(steps, { fax: 'nowhere' })).ok).toBe(false);
  });
});

it('the sample is such a flow', () => {
  const sample = readFileSync(join(__dirname, '../../../docs/samples/fax.json'), 'utf8');
  const flow = parseFlow(JSON.parse(sample));
  expect(flow).toMatchObject({ ok: true, value: { fax: 'to-the-fax' } });
});

it('a dial step tells a person from a machine only where it has a step for machines', () => {
  const dial = { do: 'dial', number: '1', otherwise: 'a' };
  const [, plain] = walk(parsed({ first: dial, a: END.a }));
  expect(plain.at(-1)).toMatchObject({ answeringMachine: undefined });
  const flow = parsed({ first: { ...dial, machine: 'b' }, a: END.a, b: END.b });
  expect(walk(flow)[1].at(-1)).toMatchObject({ type: 'dial', answeringMachine: {} });
  expect(endOf(flow, { type: 'machine-answered' })).toBe('b');
  expect(endOf(flow, { type: 'acted', done: false })).toBe('a');
});
