/** What else can become of a call: callers who give up, agents who do not answer, numbers and carriers that are none. */
import type { TestCall } from '../../infra/caller/test-call';
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered, untilHasHeardSound, untilHearsTone } from '../support/caller';
import { Product } from '../support/product';
import { levelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const describeWithBrowser = describeNeeding('chromium');

const AGENT1_HZ = 1000;
const AGENT2_HZ = 700;

let product: Product;
let agent1: Agent;
let agent2: Agent;

beforeAll(async () => {
  product = await Product.start();
  agent1 = await Agent.signIn(product, 'agent1', AGENT1_HZ);
  agent2 = await Agent.signIn(product, 'agent2', AGENT2_HZ);
}, 180_000);

afterAll(async () => {
  await Promise.all([agent1?.close(), agent2?.close()]);
  await product?.stop();
}, 180_000);

let serial = 0;
/** Each caller has a number of its own, by which its interaction is found. */
const place = async (options: { digit?: string; number?: string } = {}): Promise<{ call: TestCall; from: string }> => {
  serial += 1;
  const from = `+49301000${serial}`;
  const call = await callWithTone({ number: options.number ?? '4000', from, port: product.ports.sip });
  if (options.digit !== undefined) {
    await untilAnswered(call);
    await pause(200);
    void call.press(options.digit);
  }
  return { call, from };
};

describeWithBrowser('a caller who hangs up', () => {
  it('[TEL-08] in the greeting is history as abandoned in the flow', async () => {
    const { call, from } = await place();
    await untilAnswered(call);
    await untilHasHeardSound(call);
    await call.hangup();
    const interaction = await product.interactionFrom(from);
    expect(interaction.outcome).toEqual({ result: 'abandoned', reason: 'hung-up', party: 'caller' });
    expect(interaction.segments.map((segment) => segment.kind)).toEqual(['flow']);
  }, 180_000);

  it('[TEL-08] [TEL-24] in the queue has heard music and is history as abandoned in the queue', async () => {
    const { call, from } = await place({ digit: '1' });
    await until(
      'music in the queue',
      () => call.heard.length > 8000 * 4 && levelDbfs(lastHeard(call, 500)) > -45,
      30_000,
    );
    await call.hangup();
    const interaction = await product.interactionFrom(from);
    expect(interaction).toMatchObject({ queueId: 'support', outcome: { result: 'abandoned', party: 'caller' } });
    expect(interaction.segments.map((segment) => segment.kind)).toEqual(['flow', 'queue']);
  }, 180_000);

  it('[TEL-08] while the agent rings frees the agent at once', async () => {
    await agent1.goReady();
    const { call, from } = await place({ digit: '1' });
    await agent1.untilCall('ringing');
    await call.hangup();
    await agent1.untilCall('idle', 30_000);
    await agent1.untilState('ready');
    const interaction = await product.interactionFrom(from);
    expect(interaction.segments.map((segment) => segment.kind)).toEqual(['flow', 'queue', 'ringing']);
    expect(interaction.outcome?.result).toBe('abandoned');
  }, 180_000);
});

describeWithBrowser('an agent', () => {
  it('[ACD-01] [ACD-19] who does not answer becomes not ready, and the next agent gets the call with its place kept', async () => {
    await agent1.untilState('ready');
    const { call, from } = await place({ digit: '1' });
    await agent1.untilCall('ringing');
    await agent2.goReady();
    await agent2.untilCall('ringing', 30_000);
    await agent1.untilState('not-ready');
    await agent2.answer();
    await untilHearsTone(call, AGENT2_HZ);
    await call.hangup();
    await agent2.untilCall('wrap-up');
    await agent2.at('wrap-up-done').click();
    await agent2.untilState('ready');
    const interaction = await product.interactionFrom(from);
    expect(interaction).toMatchObject({ agentId: 'agent2', outcome: { result: 'answered', party: 'caller' } });
    expect(interaction.segments.map(({ kind, agentId }) => [kind, agentId])).toEqual([
      ['flow', undefined],
      ['queue', undefined],
      ['ringing', 'agent1'],
      ['queue', undefined],
      ['ringing', 'agent2'],
      ['talk', 'agent2'],
      ['wrap-up', 'agent2'],
    ]);
    await agent2.at('go-not-ready').click();
  }, 180_000);

  it('[SPH-11] who mutes is not heard, and is heard again after', async () => {
    await agent1.goReady();
    const { call } = await place({ digit: '2' });
    await agent1.untilCall('ringing');
    await agent1.answer();
    await untilHearsTone(call, AGENT1_HZ);
    await agent1.at('call-mute').click();
    await until('silence', () => levelDbfs(lastHeard(call, 300)) < -60, 30_000);
    await agent1.at('call-mute').click();
    await untilHearsTone(call, AGENT1_HZ);
    await call.hangup();
    await agent1.untilCall('wrap-up');
    await agent1.at('wrap-up-done').click();
    await agent1.untilState('ready');
  }, 180_000);
});

describeWithBrowser('a browser that is gone in a conversation', () => {
  it('[ACD-19] [HA-07] puts the caller back first in the queue, and the next agent goes on', async () => {
    await agent2.goReady();
    await agent1.at('go-not-ready').click();
    const { call, from } = await place({ digit: '2' });
    await agent2.untilCall('ringing');
    await agent2.answer();
    await untilHearsTone(call, AGENT2_HZ);
    await agent1.goReady();
    await agent2.page.reload();
    await agent1.untilCall('ringing', 30_000);
    await agent1.answer();
    await untilHearsTone(call, AGENT1_HZ);
    await call.hangup();
    await agent1.untilCall('wrap-up');
    await agent1.at('wrap-up-done').click();
    await agent1.untilState('ready');
    const interaction = await product.interactionFrom(from);
    expect(interaction).toMatchObject({ agentId: 'agent1', outcome: { result: 'answered', party: 'caller' } });
    expect(interaction.segments.map(({ kind, agentId }) => [kind, agentId])).toEqual([
      ['flow', undefined],
      ['queue', undefined],
      ['ringing', 'agent2'],
      ['talk', 'agent2'],
      ['queue', undefined],
      ['ringing', 'agent1'],
      ['talk', 'agent1'],
      ['wrap-up', 'agent1'],
    ]);
    expect(interaction.recordings).toHaveLength(1);
    await agent2.untilState('not-ready');
  }, 180_000);
});

describeWithBrowser('a call that is not for us', () => {
  it('to a wrong number is answered 404 and written down', async () => {
    const { call, from } = await place({ number: '4999' });
    expect(await call.ended).toMatchObject({ by: 'refusal', status: 404 });
    expect(await product.interactionFrom(from)).toMatchObject({
      called: { number: '4999' },
      outcome: { result: 'rejected', reason: 'unknown-number' },
    });
  }, 180_000);

  it('[SEC-03] from a carrier that is not on the list is refused and logged', async () => {
    const strict = await Product.start({
      config: 'trunks:\n  - id: carrier\n    name: Carrier\n    addresses: [192.0.2.0/24]\n',
      env: { RTP_PORTS: '45000-45099' },
    });
    try {
      const call = await callWithTone({ number: '4000', port: strict.ports.sip });
      expect(await call.ended).toMatchObject({ by: 'refusal', status: 403 });
      expect(await strict.history()).toEqual([]);
      await until(
        'the log line',
        () => strict.log.some((line) => JSON.stringify(line).includes('127.0.0.1') && line.level === 40),
        30_000,
      );
    } finally {
      await strict.stop();
    }
  }, 120_000);
});
