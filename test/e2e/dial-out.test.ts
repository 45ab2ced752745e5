/** An agent dials a number through a carrier's trunk; baresip is who is called there. */
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { Product } from '../support/product';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const AGENT_HZ = 1000;
const CALLED_HZ = 700;
const NUMBER = '+4930555123';

let called: Baresip;
let product: Product;
let agent: Agent;

beforeAll(async () => {
  called = await Baresip.start({ from: NUMBER, toneHz: CALLED_HZ, autoAnswer: true });
  const trunk = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${called.sipPort}', callerId: '+4930100'}`;
  product = await Product.start({ config: `trunks: [${trunk}]\n` });
  agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
}, 180_000);

afterAll(async () => {
  await Promise.all([agent?.close(), called?.close()]);
  await product?.stop();
}, 60_000);

describeNeeding('chromium', 'baresip')('a call that an agent dials', () => {
  it('[SPH-18] [OUT-01] an agent dials a pasted number, talks, presses a key and hangs up', async () => {
    await agent.dial('+49 (30) 555-123');
    await agent.untilCall('connected', 20_000);
    await until('the agent to hear the called party', async () => hearsTone(await agent.heard(500), CALLED_HZ), 8000);
    await until('the called party to hear the agent', async () => hearsTone(await called.heard(500), AGENT_HZ), 8000);
    await agent.at('dial-pad-5').click();
    await called.until('CALL_DTMF_START');
    await agent.at('call-hangup').click();
    await called.until('CALL_CLOSED');
    expect(called.events.find(({ type }) => type === 'CALL_DTMF_START')?.param).toBe('5');

    const interaction = await product.endedInteraction();
    expect(interaction).toMatchObject({
      direction: 'outbound',
      caller: { number: '+4930100' },
      called: { number: NUMBER },
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
    expect(interaction.segments.map(({ kind }) => kind)).toEqual(['ringing', 'talk']);
    expect(interaction.recordings).toHaveLength(1);
  }, 90_000);

  it('a number that the carrier does not know ends the call and says so', async () => {
    await agent.untilCall('idle');
    await agent.dial('+49306666');
    const interaction = await product.endedInteraction((item) => item.called.number === '+49306666');
    expect(interaction.outcome).toEqual({ result: 'failed', reason: 'not-found', party: 'carrier' });
    await agent.untilCall('idle');
  }, 60_000);
});
