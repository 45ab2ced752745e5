/** Who has been answered already hears a ringing tone while another telephone rings and sends no sound of its own. */
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered } from '../support/caller';
import { Product } from '../support/product';
import { SipCallee } from '../support/sip-callee';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const NUMBER = '+8610555123';
/** China's ringing tone. */
const RINGING_HZ = 450;

let callee: SipCallee;
let product: Product;

const nextInvite = () =>
  callee.request('INVITE', callee.transactions.filter(({ request }) => request.method === 'INVITE').length);

beforeAll(async () => {
  callee = await SipCallee.listen('udp');
  callee.onRequest = (transaction) => {
    const { method } = transaction.request;
    callee.respond(transaction, method === 'INVITE' ? 180 : 200);
  };
  product = await Product.start({
    config:
      "numbering: {country: '86'}\n" +
      `trunks: [{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${callee.port}', callerId: '+86100', probe: {intervalS: 0}}]\n`,
  });
}, 120_000);

afterAll(async () => {
  await product.stop();
  await callee.close();
}, 60_000);

it('a caller whom a flow has answered hears it while the flow dials, and the flow afterwards', async () => {
  const steps = {
    answer: { do: 'answer', next: 'dial' },
    dial: { do: 'dial', number: NUMBER, otherwise: 'no' },
    no: { do: 'hang-up', reason: 'nobody there' },
  };
  await product.admin('PUT', '/flows/onward', { title: 'Onward', start: 'answer', steps });
  await product.admin('PUT', '/numbers/4950', { flowId: 'onward' });
  const invited = nextInvite();
  const call = await callWithTone({ number: '4950', port: product.ports.sip });
  await untilAnswered(call);
  const invite = await invited;
  await until('the ringing tone', () => hearsTone(lastHeard(call, 300), RINGING_HZ), 8000);
  callee.respond(invite, 486);
  await call.ended;
  expect((await product.endedInteraction()).outcome?.reason).toBe('nobody there');
}, 30_000);

describeNeeding('chromium')('an agent', () => {
  it('hears it while the number that was dialled rings', async () => {
    const agent = await Agent.signIn(product, 'agent1');
    const invited = nextInvite();
    await agent.at('dial-number').fill(NUMBER);
    await agent.at('dial-call').click();
    const invite = await invited;
    await until('the ringing tone', async () => hearsTone(await agent.heard(300), RINGING_HZ), 10_000);
    callee.respond(invite, 486);
    await agent.untilCall('idle');
    await agent.close();
  }, 60_000);
});
