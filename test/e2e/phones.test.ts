/** Desk phones: baresip as the phone, registered by digest; Chromium as the agent. Each has a tone as its voice. */
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { Product } from '../support/product';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const AGENT_HZ = 1000;
const RECEPTION_HZ = 700;
const OFFICE_HZ = 1500;

let product: Product;
let agent: Agent;
let reception: Baresip;
let office: Baresip;

beforeAll(async () => {
  product = await Product.start();
  const sipPort = product.ports.sip;
  reception = await Baresip.start({
    from: '2001',
    toneHz: RECEPTION_HZ,
    register: { password: await product.newPhonePassword('2001'), sipPort },
  });
  office = await Baresip.start({
    from: '2002',
    toneHz: OFFICE_HZ,
    transport: 'tcp',
    autoAnswer: true,
    register: { password: await product.newPhonePassword('2002'), sipPort },
  });
  agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  await Promise.all([reception.registered(), office.registered()]);
  // The desk shows itself before its telephone is registered, and until then a call gets 480.
  await until("the registration of the agent's browser", () =>
    product.log.some(({ msg, userName }) => msg === 'a user registered' && userName === 'agent1'),
  );
}, 180_000);

afterAll(async () => {
  await Promise.all([agent?.close(), reception?.close(), office?.close()]);
  await product?.stop();
}, 180_000);

const hearEachOther = async (phone: Baresip, phoneHz: number): Promise<void> => {
  await agent.untilHears(phoneHz);
  await until('the phone to hear the agent', async () => hearsTone(await phone.heard(500), AGENT_HZ), 30_000);
};

describeNeeding('chromium', 'baresip')('desk phones', () => {
  it("a phone calls an agent's extension: the browser rings, both talk, and the phone hangs up", async () => {
    reception.dial('1001', product.ports.sip);
    await agent.untilCall('ringing', 30_000);
    await agent.answer();
    await reception.until('CALL_ESTABLISHED');
    await hearEachOther(reception, RECEPTION_HZ);
    await agent.untilState('busy');
    reception.hangUp();
    const interaction = await product.endedInteraction();
    expect(interaction).toMatchObject({
      direction: 'internal',
      caller: { number: '2001', displayName: 'Reception' },
      called: { number: '1001' },
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
    expect(interaction.segments.map(({ kind }) => kind)).toEqual(['ringing', 'talk']);
    expect(interaction.recordings).toHaveLength(1);
    await agent.untilState('not-ready');
  }, 180_000);

  it('a phone holds the agent and comes back', async () => {
    await agent.untilCall('idle');
    reception.events.length = 0;
    reception.dial('1001', product.ports.sip);
    await agent.untilCall('ringing', 30_000);
    await agent.answer();
    await hearEachOther(reception, RECEPTION_HZ);
    reception.hold();
    await agent.at('customer-holds').waitFor();
    reception.resume();
    await agent.at('customer-holds').waitFor({ state: 'detached' });
    await pause(600);
    await hearEachOther(reception, RECEPTION_HZ);
    reception.hangUp();
    const { segments } = await product.endedInteraction(
      (item) => item.called.number === '1001' && item.segments.some(({ kind }) => kind === 'hold'),
    );
    expect(segments).toContainEqual(expect.objectContaining({ kind: 'hold', detail: 'by-customer' }));
  }, 180_000);

  it("an agent dials a phone's extension, and both talk", async () => {
    await agent.dial('2002');
    await agent.untilCall('connected', 30_000);
    await hearEachOther(office, OFFICE_HZ);
    await agent.at('call-hangup').click();
    await office.until('CALL_CLOSED');
    const interaction = await product.endedInteraction((item) => item.called.number === '2002');
    expect(interaction).toMatchObject({
      direction: 'internal',
      caller: { number: '1001', displayName: 'Anna Berg' },
      outcome: { result: 'answered', reason: 'hung-up', party: 'agent' },
    });
  }, 180_000);

  it('a phone calls a phone, and both are recorded', async () => {
    reception.events.length = 0;
    reception.dial('2002', product.ports.sip);
    await reception.until('CALL_ESTABLISHED');
    await until('reception to hear the office', async () => hearsTone(await reception.heard(500), OFFICE_HZ), 30_000);
    await until('the office to hear reception', async () => hearsTone(await office.heard(500), RECEPTION_HZ), 30_000);
    reception.hangUp();
    const interaction = await product.endedInteraction(
      ({ caller, called }) => caller.number === '2001' && called.number === '2002',
    );
    expect(interaction.outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
    expect(interaction.recordings).toHaveLength(1);
  }, 180_000);
});
