/** A carrier that takes nothing but SRTP reaches an agent: keys, digits and both voices. */
import { Baresip } from '../support/baresip';
import { hearsTone } from '../support/spectrum';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const center = new StaffedProduct();

describeNeeding('chromium', 'baresip')('a call with SRTP', () => {
  center.startForTests();

  it('[TEL-09] is understood in both directions, digits too', async () => {
    const { agent, product } = center;
    const caller = await Baresip.start({ toneHz: CALLER_HZ, from: '+4930123456', secured: true });
    try {
      await agent.goReady();
      await caller.call('4000', product.ports.sip);
      await caller.press('2');
      await agent.untilCall('ringing');
      await agent.answer();
      await until('the caller to hear the agent', async () => hearsTone(await caller.heard(500), AGENT_HZ), 8000);
      await agent.untilHears(CALLER_HZ);
      await agent.at('call-hangup').click();
      await caller.until('CALL_CLOSED');
      const { digits } = await product.endedInteraction();
      expect(digits).toEqual(['2']);
    } finally {
      await caller.close();
    }
  }, 120_000);
});
