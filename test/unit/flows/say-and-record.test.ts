/** Steps that read values out, and that let a caller record a prompt. */
import { parseFlow } from '../../../flows/document';
import type { FlowDocument } from '../../../flows/document';
import { stepFlow } from '../../../flows/interpreter';
import type { FlowEffect, FlowEvent, FlowState } from '../../../flows/interpreter';

const flowOf = (start: object): FlowDocument => {
  const ends = { done: { do: 'hang-up', reason: 'done' }, none: { do: 'hang-up', reason: 'none' } };
  const parsed = parseFlow({ id: 'f', version: 1, title: '', start: 'start', steps: { start, ...ends } });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

const walk = (flow: FlowDocument, events: FlowEvent[]): { state: FlowState; effects: FlowEffect[] } => {
  let [state, effects]: [FlowState, FlowEffect[]] = [{ kind: 'idle' }, []];
  for (const event of events) [state, effects] = stepFlow(flow, state, event);
  return { state, effects };
};

const reasonOf = ({ effects }: { effects: FlowEffect[] }): string | undefined =>
  effects.flatMap((effect) => (effect.type === 'hang-up' ? [effect.reason] : []))[0];

describe('say', () => {
  const SAY = { do: 'say', kind: 'amount', value: '{balance}', next: 'done', otherwise: 'none' };

  it('says the value, and then goes on', () => {
    const said = walk(flowOf(SAY), [{ type: 'start' }]);
    expect(said.effects.at(-1)).toEqual({
      type: 'say',
      kind: 'amount',
      value: '{balance}',
      language: undefined,
      currency: 'CNY',
    });
    expect(reasonOf(walk(flowOf(SAY), [{ type: 'start' }, { type: 'prompts-ended' }]))).toBe('done');
  });

  it('that failed → otherwise, or next where there is none', () => {
    const failed: FlowEvent[] = [{ type: 'start' }, { type: 'prompts-failed' }];
    expect(reasonOf(walk(flowOf(SAY), failed))).toBe('none');
    const alone = { ...SAY, otherwise: undefined };
    const parsed = parseFlow({
      id: 'f',
      version: 1,
      title: '',
      start: 'start',
      steps: { start: alone, done: { do: 'hang-up', reason: 'done' } },
    });
    expect(parsed.ok && reasonOf(walk(parsed.value, failed))).toBe('done');
  });

  it.each([
    ['a kind that is none', { kind: 'poem' }],
    ['nothing to say', { value: '' }],
    ['a currency that is none', { currency: 'dollars' }],
    ['a language that is none', { language: 'english' }],
  ])('%s is refused', (_what, wrong) => {
    const steps = { start: { ...SAY, ...wrong }, done: { do: 'hang-up' }, none: { do: 'hang-up' } };
    expect(parseFlow({ id: 'f', version: 1, title: '', start: 'start', steps })).toMatchObject({ ok: false });
  });
});

describe('record-prompt', () => {
  const flow = flowOf({
    do: 'record-prompt',
    name: 'greeting',
    language: 'en',
    maxMs: 30_000,
    attempts: 2,
    next: 'done',
    otherwise: 'none',
  });
  const RECORDING: FlowEvent[] = [{ type: 'start' }, { type: 'prompts-ended' }];
  const REVIEW: FlowEvent[] = [...RECORDING, { type: 'digit', digit: '#' }];

  it('take-guiding, said → take-recording', () => {
    expect(walk(flow, [{ type: 'start' }]).effects.at(-1)).toEqual({ type: 'guide', guide: 'begin' });
    expect(walk(flow, RECORDING)).toEqual({
      state: { kind: 'take-recording', step: 'start', attempt: 1 },
      effects: [
        { type: 'start-take', maxMs: 30_000 },
        { type: 'start-timer', delayMs: 32_000 },
      ],
    });
  });

  it.each<[string, FlowEvent]>([
    ['a key', { type: 'digit', digit: '#' }],
    ['its longest', { type: 'take-ended' }],
    ['nothing heard of it', { type: 'timeout' }],
  ])('take-recording, %s → take-reviewing', (_what, event) => {
    const { state, effects } = walk(flow, [...RECORDING, event]);
    expect(state.kind).toBe('take-reviewing');
    expect(effects).toEqual([{ type: 'cancel-timer' }, { type: 'stop-take' }, { type: 'guide', guide: 'review' }]);
  });

  it('take-reviewing, 1 → acting, with the take kept; done → next, not done → otherwise', () => {
    const kept = walk(flow, [...REVIEW, { type: 'digit', digit: '1' }]);
    expect(kept.state.kind).toBe('acting');
    expect(kept.effects.at(-1)).toEqual({ type: 'keep-take', name: 'greeting', language: 'en' });
    const [done, failed] = [true, false].map((is) =>
      reasonOf(walk(flow, [...REVIEW, { type: 'digit', digit: '1' }, { type: 'acted', done: is }])),
    );
    expect([done, failed]).toEqual(['done', 'none']);
  });

  it('take-reviewing, 2 → take-guiding, as often as it may; nothing heard counts too', () => {
    const again = walk(flow, [...REVIEW, { type: 'digit', digit: '2' }]);
    expect(again.state).toEqual({ kind: 'take-guiding', step: 'start', attempt: 2 });
    expect(again.effects).toEqual([
      { type: 'stop-playing' },
      { type: 'cancel-timer' },
      { type: 'drop-take' },
      { type: 'guide', guide: 'again' },
    ]);
    const twice = walk(flow, [
      ...REVIEW,
      { type: 'prompts-failed' },
      { type: 'prompts-ended' },
      { type: 'digit', digit: '#' },
      { type: 'digit', digit: '2' },
    ]);
    expect(reasonOf(twice)).toBe('none');
  });

  it('take-reviewing, * or no key in time → otherwise, with the take dropped', () => {
    const left = walk(flow, [...REVIEW, { type: 'digit', digit: '*' }]);
    const late = walk(flow, [...REVIEW, { type: 'prompts-ended' }, { type: 'timeout' }]);
    expect([reasonOf(left), reasonOf(late)]).toEqual(['none', 'none']);
    for (const { effects } of [left, late]) expect(effects).toContainEqual({ type: 'drop-take' });
  });
});
