/** A carrier that takes nothing but SRTP reaches an agent: keys, digits and both voices. */
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { Product } from '../support/product';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const CALLER_HZ = 440;
const AGENT_HZ = 1000;

let product: Product;
let agent: Agent;

describeNeeding('chromium', 'baresip')('a call with SRTP', () => {
  beforeAll(async () => {
    product = await Product.start();
    agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  }, 180_000);

  afterAll(async () => {
    await agent.close();
    await product.stop();
  }, 60_000);

  it('[TEL-09] is understood in both directions, digits too', async () => {
    const caller = await Baresip.start({ toneHz: CALLER_HZ, from: '+4930123456', secured: true });
    try {
      await agent.goReady();
      await caller.call('4000', product.ports.sip);
      await caller.press('2');
      await agent.untilCall('ringing');
      await agent.answer();
      await until('the caller to hear the agent', async () => hearsTone(await caller.heard(500), AGENT_HZ), 8000);
      await until('the agent to hear the caller', async () => hearsTone(await agent.heard(500), CALLER_HZ), 8000);
      await agent.at('call-hangup').click();
      await caller.until('CALL_CLOSED');
      const { digits } = await product.endedInteraction();
      expect(digits).toEqual(['2']);
    } finally {
      await caller.close();
    }
  }, 120_000);
});
