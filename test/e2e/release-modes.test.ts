/** Who ends a conversation by hanging up: a caller who waits for the agent, an agent who keeps a caller, a survey after. */
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered, untilHearsTone } from '../support/caller';
import { Product } from '../support/product';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const AGENT_HZ = 1000;

let product: Product;
let agent: Agent;
let token: string;

const admin = async (path: string, body: unknown): Promise<void> => {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
};

/** A number that answers and leads to the queue of support at once. */
const number = async (dialled: string, enqueue: object, more: object = {}): Promise<void> => {
  const steps = {
    answer: { do: 'answer', next: 'queue' },
    queue: { do: 'enqueue', queue: 'support', ...enqueue },
    ...more,
  };
  await admin(`/flows/f${dialled}`, { title: dialled, start: 'answer', steps });
  await admin(`/numbers/${dialled}`, { flowId: `f${dialled}` });
};

beforeAll(async () => {
  product = await Product.start();
  ({ token } = await product.signIn('admin'));
  agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
}, 180_000);

afterAll(async () => {
  await agent.close();
  await product.stop();
}, 60_000);

const talk = async (dialled: string, from: string) => {
  await agent.goReady();
  const call = await callWithTone({ number: dialled, from, port: product.ports.sip });
  await untilAnswered(call);
  await agent.untilCall('ringing');
  await agent.answer();
  await untilHearsTone(call, AGENT_HZ);
  return call;
};

const backToReady = async (): Promise<void> => {
  await agent.untilCall('wrap-up');
  await agent.at('wrap-up-done').click();
  await agent.untilState('ready');
};

const historyOf = (from: string) => product.endedInteraction((item) => item.caller.number === from);

describeNeeding('chromium')('release modes', () => {
  it('[TEL-18] [TEL-20] caller: the agent hangs up, the caller hears music and gets the same agent back', async () => {
    await number('4701', {});
    await admin('/release-modes/support', { mode: 'caller', reanswerMs: 30_000, queues: ['support'] });
    const call = await talk('4701', '+4930701');
    await agent.at('call-hangup').click();
    await agent.untilCall('ringing');
    await until(
      'prompt or music without the agent’s tone',
      () => levelDbfs(lastHeard(call, 400)) > -45 && !hearsTone(lastHeard(call, 400), AGENT_HZ),
      10_000,
    );
    await agent.answer();
    await untilHearsTone(call, AGENT_HZ);
    await call.hangup();
    await backToReady();
    const { outcome, segments } = await historyOf('+4930701');
    expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    expect(segments.map(({ kind, detail }) => (kind === 'hold' ? detail : kind))).toEqual([
      'flow',
      'queue',
      'ringing',
      'talk',
      'agent-left',
      'talk',
      'wrap-up',
    ]);
  }, 60_000);

  it('[TEL-18] caller: when the agent does not come back in time the call ends', async () => {
    await number('4702', { releaseMode: 'caller', reanswerMs: 5_000 });
    const call = await talk('4702', '+4930702');
    await agent.at('call-hangup').click();
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    await backToReady();
    const { outcome } = await historyOf('+4930702');
    expect(outcome).toEqual({ result: 'answered', reason: 'reanswer-timeout', party: 'agent' });
  }, 60_000);

  it('[TEL-19] [TEL-20] callee: the caller hangs up, the agent keeps the call until hanging up', async () => {
    await number('4703', { releaseMode: 'callee', reanswerMs: 60_000 });
    const call = await talk('4703', '+4930703');
    await call.hangup();
    await agent.untilCall('held');
    expect(await agent.at('call-left').textContent()).toMatch(/^The caller has hung up/);
    await pause(1_000);
    await agent.untilCall('held');
    await agent.at('call-hangup').click();
    await backToReady();
    const { outcome, segments } = await historyOf('+4930703');
    expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'agent' });
    expect(segments.map(({ detail }) => detail)).toContain('caller-left');
  }, 60_000);

  it('[TEL-19] the agent hangs up and the caller answers a question, while the agent writes the note', async () => {
    const ask = { do: 'collect', prompts: [], variable: 'satisfaction', max: 1, next: 'bye', otherwise: 'bye' };
    await number('4704', { afterAgent: 'ask' }, { ask, bye: { do: 'hang-up', reason: 'survey done' } });
    const call = await talk('4704', '+4930704');
    await agent.at('call-hangup').click();
    await agent.untilCall('wrap-up');
    await call.press('5');
    const { outcome, data } = await historyOf('+4930704');
    expect(outcome).toEqual({ result: 'answered', reason: 'survey done', party: 'system' });
    expect(data).toMatchObject({ satisfaction: '5' });
    await backToReady();
  }, 60_000);
});
