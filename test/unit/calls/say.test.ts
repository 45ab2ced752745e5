/** What a call plays for a `say` step, and how a caller records a prompt. */
import { parseFlow } from '../../../flows/document';
import { fail } from '../../../base/result';
import type { PlayRequest } from '../../../media/ports';
import { OneAgent } from './support/one-agent';

const oneWith = (steps: Record<string, object>, options: Partial<ConstructorParameters<typeof OneAgent>[0]> = {}) => {
  const flow = parseFlow({ id: 'f', version: 1, title: '', start: 'answer', steps });
  if (!flow.ok) throw new Error(flow.fault.message);
  const one = new OneAgent({ ...options, flow: flow.value });
  const played: PlayRequest[] = [];
  const play = one.media.play.bind(one.media);
  one.media.play = (request) => {
    played.push(request);
    return play(request);
  };
  return { one, played };
};

/** The caller presses a key. */
const press = async (one: OneAgent, digit: string): Promise<void> => {
  for (const endpointId of one.media.endpoints.keys())
    one.media.emit({ type: 'digit', endpointId, digit, durationMs: 100, form: 'rfc4733' });
  await one.pass(2_000);
};

const finishPlay = async (one: OneAgent): Promise<void> => {
  for (const playId of one.media.plays.keys()) one.media.endPlay(playId, 'finished');
  await one.pass(1_000);
};

it('a value is said by its words, in both languages while the language of the caller is not known', async () => {
  const { one, played } = oneWith({
    answer: { do: 'answer', next: 'set' },
    set: { do: 'set', variables: { balance: '2000.50' }, next: 'say' },
    say: { do: 'say', kind: 'amount', value: '{balance}', next: 'text' },
    text: { do: 'say', value: '您好', next: 'end' },
    end: { do: 'hang-up' },
  });
  one.signaling.arrive('caller');
  await one.pass(2_000);
  expect(played[0]?.sources).toEqual([
    {
      kind: 'phrase',
      language: 'en',
      pieces: ['n-2', 'thousand', 'point', 'n-5', 'yuan'],
      text: 'two thousand point five yuan',
    },
    {
      kind: 'phrase',
      language: 'zh-CN',
      pieces: ['liang', 'thousand', 'yuan', 'n-5', 'jiao'],
      text: '两千元五角',
    },
  ]);
  await finishPlay(one);
  expect(played[1]?.sources).toEqual([{ kind: 'phrase', language: 'zh-CN', pieces: [], text: '您好' }]);
});

it('what is no value of its kind goes on at otherwise', async () => {
  const { one } = oneWith({
    answer: { do: 'answer', next: 'say' },
    say: { do: 'say', kind: 'date', value: 'tomorrow', next: 'end', otherwise: 'unsaid' },
    end: { do: 'hang-up', reason: 'said' },
    unsaid: { do: 'hang-up', reason: 'unsaid' },
  });
  one.signaling.arrive('caller');
  await one.pass(2_000);
  expect([...one.saved.values()]).toMatchObject([{ outcome: { reason: 'unsaid' } }]);
});

it('a say that fails and leads to itself does not go round for ever', async () => {
  const { one } = oneWith({
    answer: { do: 'answer', next: 'say' },
    say: { do: 'say', kind: 'date', value: 'tomorrow', next: 'say', otherwise: 'say' },
  });
  one.signaling.arrive('caller');
  await one.pass(2_000);
  expect([...one.saved.values()]).toMatchObject([{ outcome: { reason: 'flow-loops' } }]);
});

describe('a caller who records a prompt', () => {
  const steps = {
    answer: { do: 'answer', next: 'record' },
    record: { do: 'record-prompt', name: 'greeting-{caller}', language: 'en', next: 'kept', otherwise: 'not' },
    kept: { do: 'hang-up', reason: 'kept' },
    not: { do: 'hang-up', reason: 'not-kept' },
  };

  it('hears it and keeps it by a key; nothing is left', async () => {
    const kept: unknown[] = [];
    const prompts = {
      keepTake: (take: object, prompt: object) => {
        kept.push({ ...take, ...prompt });
        return Promise.resolve({ ok: true as const, value: undefined });
      },
    };
    const { one, played } = oneWith(steps, { prompts });
    one.signaling.arrive('4711');
    await one.pass(2_000);
    expect(played[0]?.sources.at(-1)).toEqual({ kind: 'tone', tone: 'beep' });
    await finishPlay(one);
    const [takeId] = [...one.media.takes.keys()];
    expect(one.media.takes.size).toBe(1);
    await press(one, '#');
    expect(played[1]).toMatchObject({ sources: [{ kind: 'take', takeId }, {}, {}], interruptedBy: 'any' });
    await press(one, '1');
    expect(kept).toMatchObject([{ path: `takes/${takeId}.wav`, language: 'en' }]);
    expect(one.media.takes.size).toBe(0);
    expect([...one.saved.values()]).toMatchObject([{ outcome: { reason: 'kept' } }]);
  });

  it('is not left in silence when nothing can be recorded', async () => {
    const { one, played } = oneWith(steps);
    one.media.startTake = () => Promise.resolve(fail('unavailable', 'the disk is full'));
    one.signaling.arrive('4711');
    await one.pass(2_000);
    await finishPlay(one);
    expect(played).toHaveLength(2);
    expect(one.media.takes.size).toBe(0);
  });

  it('who hangs up leaves nothing behind', async () => {
    const { one } = oneWith(steps);
    const invite = one.signaling.arrive('4711');
    await one.pass(2_000);
    await finishPlay(one);
    expect(one.media.takes.size).toBe(1);
    invite.dialog?.end({ by: 'remote', reason: undefined });
    await one.pass(2_000);
    expect([one.media.takes.size, one.center.openCalls]).toEqual([0, 0]);
  });
});
