/** What both parties of a conversation are told: the agent's number, and numbers that the agent has read out. */
import { parseFlow } from '../../../flows/document';
import { ANN, OneAgent } from './support/one-agent';

const flowWith = (greeting: string) => {
  const flow = parseFlow({
    id: 'f',
    version: 1,
    title: '',
    start: 'menu',
    steps: {
      menu: { do: 'answer', next: 'wait' },
      wait: { do: 'enqueue', queue: 'support', greeting },
    },
  });
  if (!flow.ok) throw new Error(flow.fault.message);
  return flow.value;
};

/** What is being played, by party. */
const playing = (one: OneAgent): unknown[] => [...one.media.plays.values()].map(({ sources }) => sources);

it('a caller and the agent hear the agent’s number when they are joined, if the flow says so', async () => {
  const one = new OneAgent({ flow: flowWith('agent-number') });
  await one.talk();
  const greeting = [
    { kind: 'phrase', language: 'en', pieces: ['agent-1'], text: 'Agent one, at your service.' },
    { kind: 'phrase', language: 'zh-CN', pieces: ['agent-1'], text: '坐席幺为您服务' },
  ];
  expect(playing(one).slice(-2)).toEqual([greeting, greeting]);
  const silent = new OneAgent({ flow: flowWith('none') });
  await silent.talk();
  expect(JSON.stringify(playing(silent))).not.toContain('agent-1');
});

it('an agent has digits, or the own number, said to both; nothing is said while the caller waits', async () => {
  const one = new OneAgent();
  const { callId } = await one.talk();
  const say = async (digits?: string) => {
    const done = one.center.desks.perform(ANN, { command: 'announce', callId, digits });
    await one.pass(1_000);
    return done;
  };
  expect(await say('4711')).toEqual({ ok: true, value: undefined });
  const [last] = playing(one).slice(-1);
  expect(last).toMatchObject([{ language: 'en', text: 'four seven one one' }, { text: '四七幺幺' }]);
  expect(await say()).toEqual({ ok: true, value: undefined });
  expect(JSON.stringify(playing(one).at(-1))).toContain('at your service');
  void one.center.desks.perform(ANN, { command: 'hold', callId });
  await one.pass(1_000);
  expect(await say('1')).toMatchObject({ ok: false, fault: { code: 'conflict' } });
});
