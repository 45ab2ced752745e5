/** Who ends a conversation by hanging up: a caller who waits for the agent, an agent who keeps a caller, a survey after. */
import { callWithTone, lastHeard, untilAnswered, untilHearsTone } from '../support/caller';
import { hearsTone, levelDbfs } from '../support/spectrum';
import { AGENT_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const center = new StaffedProduct();

/** A number that answers and leads to the queue of support at once. */
const number = async (dialled: string, enqueue: object, more: object = {}): Promise<void> => {
  const steps = {
    answer: { do: 'answer', next: 'queue' },
    queue: { do: 'enqueue', queue: 'support', ...enqueue },
    ...more,
  };
  await center.product.admin('PUT', `/flows/f${dialled}`, { title: dialled, start: 'answer', steps });
  await center.product.admin('PUT', `/numbers/${dialled}`, { flowId: `f${dialled}` });
};

const talk = async (dialled: string, from: string) => {
  await center.agent.goReady();
  const call = await callWithTone({ number: dialled, from, port: center.product.ports.sip });
  await untilAnswered(call);
  await center.agent.untilCall('ringing');
  await center.agent.answer();
  await untilHearsTone(call, AGENT_HZ);
  return call;
};

describeNeeding('chromium')('release modes', () => {
  center.startForTests();

  it('[TEL-18] [TEL-20] caller: the agent hangs up, the caller hears music and gets the same agent back', async () => {
    await number('4701', {});
    await center.product.admin('PUT', '/release-modes/support', {
      mode: 'caller',
      reanswerMs: 30_000,
      queues: ['support'],
    });
    const call = await talk('4701', '+4930701');
    await center.agent.at('call-hangup').click();
    await center.agent.untilCall('ringing');
    await until(
      'prompt or music without the agent’s tone',
      () => levelDbfs(lastHeard(call, 400)) > -45 && !hearsTone(lastHeard(call, 400), AGENT_HZ),
      30_000,
    );
    await center.agent.answer();
    await untilHearsTone(call, AGENT_HZ);
    await call.hangup();
    await center.agent.finishWrapUp();
    const { outcome, segments } = await center.product.interactionFrom('+4930701');
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
  }, 180_000);

  it('[TEL-18] caller: when the agent does not come back in time the call ends', async () => {
    await number('4702', { releaseMode: 'caller', reanswerMs: 5_000 });
    const call = await talk('4702', '+4930702');
    await center.agent.at('call-hangup').click();
    expect(await call.ended).toMatchObject({ by: 'far-end' });
    await center.agent.finishWrapUp();
    const { outcome } = await center.product.interactionFrom('+4930702');
    expect(outcome).toEqual({ result: 'answered', reason: 'reanswer-timeout', party: 'agent' });
  }, 180_000);

  it('[TEL-19] [TEL-20] callee: the caller hangs up, the agent keeps the call until hanging up', async () => {
    await number('4703', { releaseMode: 'callee', reanswerMs: 60_000 });
    const call = await talk('4703', '+4930703');
    await call.hangup();
    await center.agent.untilCall('held');
    expect(await center.agent.at('call-left').textContent()).toMatch(/^The caller has hung up/);
    await pause(1_000);
    await center.agent.untilCall('held');
    await center.agent.at('call-hangup').click();
    await center.agent.finishWrapUp();
    const { outcome, segments } = await center.product.interactionFrom('+4930703');
    expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'agent' });
    expect(segments.map(({ detail }) => detail)).toContain('caller-left');
  }, 180_000);

  it('[TEL-19] the agent hangs up and the caller answers a question, while the agent writes the note', async () => {
    const ask = { do: 'collect', prompts: [], variable: 'satisfaction', max: 1, next: 'bye', otherwise: 'bye' };
    await number('4704', { afterAgent: 'ask' }, { ask, bye: { do: 'hang-up', reason: 'survey done' } });
    const call = await talk('4704', '+4930704');
    await center.agent.at('call-hangup').click();
    await center.agent.untilCall('wrap-up');
    await call.press('5');
    const { outcome, data } = await center.product.interactionFrom('+4930704');
    expect(outcome).toEqual({ result: 'answered', reason: 'survey done', party: 'system' });
    expect(data).toMatchObject({ satisfaction: '5' });
    await center.agent.finishWrapUp();
  }, 180_000);
});
