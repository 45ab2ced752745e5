/** A carrier's caller reaches a browser agent, both hear each other, and the call is written down. */
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { Product } from '../support/product';
import { hearsTone, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';

const CALLER_HZ = 440;
const AGENT_HZ = 1000;

let product: Product;

beforeAll(async () => {
  product = await Product.start();
}, 120_000);

afterAll(() => product.stop(), 30_000);

describe.each(['udp', 'tcp'] as const)('a call over %s', (transport) => {
  it('[TEL-02] [ACD-06] [SPH-01] [SPH-02] [SPH-04] [REC-01] goes from the greeting to the agent, is held, ends and is history', async () => {
    const agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
    const caller = await Baresip.start({ transport, toneHz: CALLER_HZ, from: '+4930123456' });
    try {
      await agent.goReady();
      await caller.call('4000', product.ports.sip);
      await caller.press('2');
      await agent.untilCall('ringing');
      expect((await agent.at('caller-number').textContent())?.replace(/\s/g, '')).toContain('+4930123456');
      await agent.answer();

      await until('the caller to hear the agent', async () => hearsTone(await caller.heard(500), AGENT_HZ), 5000);
      await until('the agent to hear the caller', async () => hearsTone(await agent.heard(500), CALLER_HZ), 5000);
      expect(toneLevelDbfs(await caller.heard(500), CALLER_HZ)).toBeLessThan(-50);
      expect(toneLevelDbfs(await agent.heard(500), AGENT_HZ)).toBeLessThan(-50);

      await agent.at('call-hold').click();
      await agent.untilCall('held');
      await pause(1500);
      const music = await caller.heard(800);
      expect(toneLevelDbfs(music, AGENT_HZ)).toBeLessThan(-30);
      await agent.at('call-hold').click();
      await agent.untilCall('connected');
      await until('the caller to hear the agent again', async () => hearsTone(await caller.heard(300), AGENT_HZ), 5000);

      await agent.at('call-hangup').click();
      await caller.until('CALL_CLOSED');
      await agent.untilCall('wrap-up');
      await agent.at('wrap-up-note').fill('asked for an offer');
      await agent.at('wrap-up-done').click();
      await agent.untilState('ready');

      const interaction = await product.endedInteraction();
      expect(interaction).toMatchObject({ queueId: 'sales', agentId: 'agent1', digits: ['2'] });
    } finally {
      await Promise.all([agent.close(), caller.close()]);
    }
  }, 120_000);
});
