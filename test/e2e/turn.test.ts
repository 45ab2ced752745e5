/** An agent behind a network that lets nothing through but a TURN relay, and what becomes of a call when that is lost. */
import { Coturn } from '../support/coturn';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { untilHearsTone } from '../support/caller';
import { until } from '../support/wait';

const SECRET = 'known to coturn and to the product';
const center = new StaffedProduct();

describeNeeding('chromium', 'turnserver')('an agent behind a TURN relay', () => {
  let relay: Coturn;
  const options = { config: '', env: { TURN_URLS: '', TURN_SECRET: SECRET } };

  beforeAll(async () => {
    relay = await Coturn.prepare(SECRET);
    await relay.start();
    Object.assign(options, {
      config: `turn:\n  relayOnly: true\n`,
      env: { TURN_URLS: relay.url, TURN_SECRET: SECRET },
    });
  }, 180_000);
  center.startForTests(options);
  afterAll(() => relay.close(), 120_000);

  it('[SPH-28] talks through it, and goes on by an ICE restart when it is lost and comes back', async () => {
    const { call } = await center.converse();
    expect(relay.output).toMatch(/user <\d+:agent1>/);
    await relay.kill();
    await relay.start();
    await until('a new relay', () => /user <\d+:agent1>/.test(relay.output), 30_000);
    await untilHearsTone(call, AGENT_HZ);
    await center.agent.untilHears(CALLER_HZ, 30_000);
    await call.hangup();
  }, 120_000);
});
