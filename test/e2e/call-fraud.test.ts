/**
 * What a stolen account can cost, through the whole product: limits of calls at a time, of calls a minute and of cost,
 * for agents at their desks and for callers whom a flow sends on outside; the one who dials is told, the bell rings.
 */
import type { AlarmView } from '../../api/contract/security';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { callWithTone, untilAnswered } from '../support/caller';
import { Product } from '../support/product';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const AGENT_HZ = 1000;
const CALLED_HZ = 700;
/** Premium and national numbers. */
const PREMIUM = '+499001234';
const DEAR = '030777888';

let called: Baresip;
let product: Product;
let agent: Agent;

const untilAlarm = (kind: string, account: string): Promise<AlarmView> =>
  until(`the alarm ${kind} of ${account}`, async () => {
    const { items } = await product.admin<{ items: AlarmView[] }>('GET', '/alarms');
    return items.find((alarm) => alarm.kind === kind && alarm.details['account'] === account);
  });

/** A number whose flow sends its callers on outside. */
const forward = async (dialled: string, to: string): Promise<void> => {
  const steps = {
    answer: { do: 'answer', next: 'dial' },
    dial: { do: 'dial', number: to, ringTimeoutMs: 15_000, otherwise: 'no' },
    no: { do: 'hang-up', reason: 'not placed' },
  };
  await product.admin('PUT', `/flows/f${dialled}`, { title: dialled, start: 'answer', steps });
  await product.admin('PUT', `/numbers/${dialled}`, { flowId: `f${dialled}` });
};

const callIn = async (dialled: string, from: string) => {
  const call = await callWithTone({ number: dialled, from, port: product.ports.sip });
  await untilAnswered(call);
  return call;
};

const reasonOf = async (from: string): Promise<string | undefined> =>
  (await product.endedInteraction((item) => item.caller.number === from)).outcome?.reason;

const untilUsage = (account: string, matches: (usage: Record<string, unknown>) => boolean): Promise<unknown> =>
  until(`the usage of ${account}`, async () => {
    const { items } = await product.admin<{ items: Record<string, unknown>[] }>('GET', '/call-limits/usage');
    return items.find((usage) => usage['account'] === account && matches(usage));
  });

beforeAll(async () => {
  called = await Baresip.start({ from: 'outside', toneHz: CALLED_HZ, autoAnswer: true, lifetimeMs: 300_000 });
  product = await Product.start({
    config:
      `trunks: [{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${called.sipPort}', callerId: '+4930100', numbers: {rewriteOut: [{match: '^.+$', replace: outside}]}}]\n` +
      'routes: [{id: all, name: All, trunks: [{trunkId: carrier, costPerMinute: 3}]}]\n',
  });
  await forward('4900', PREMIUM);
  await forward('4901', DEAR);
}, 120_000);

afterAll(async () => {
  await called.close();
  await product.stop();
}, 180_000);

describeNeeding('baresip')('callers whom a flow sends on outside', () => {
  it('are not connected beyond so many at a time; the next may when one has ended', async () => {
    await product.admin('PUT', '/call-limits/premium', {
      classes: ['premium'],
      accounts: ['trunk:carrier'],
      maxConcurrent: 1,
    });
    const first = await callIn('4900', '+4930801');
    await untilUsage('trunk:carrier', ({ concurrent }) => concurrent === 1);
    const second = await callIn('4900', '+4930802');
    await second.ended;
    expect(await reasonOf('+4930802')).toBe('not placed');
    expect(await untilAlarm('call-limit', 'trunk:carrier')).toMatchObject({ severity: 'warning' });
    await first.hangup();
    await untilUsage('trunk:carrier', ({ concurrent }) => concurrent === 0);
    const third = await callIn('4900', '+4930803');
    await untilUsage('trunk:carrier', ({ concurrent }) => concurrent === 1);
    await third.hangup();
    await product.admin('DELETE', '/call-limits/premium');
  }, 180_000);
});

describeNeeding('chromium', 'baresip')('an agent', () => {
  beforeAll(async () => {
    agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  }, 180_000);
  afterAll(() => agent.close(), 120_000);

  const dial = async (number: string): Promise<void> => {
    await agent.untilCall('idle');
    await agent.at('dial-number').fill(number);
    await agent.at('dial-call').click();
  };

  const talk = async (number: string): Promise<void> => {
    await dial(number);
    await agent.untilCall('connected', 30_000);
    await agent.at('call-hangup').click();
    await agent.untilCall('idle');
  };

  /** The sentence that the desk shows. */
  const untilTold = (text: RegExp): Promise<unknown> =>
    until(`the desk to say ${text}`, async () => text.test(await agent.page.locator('body').innerText()), 30_000);

  it('is told why a call too many in a minute is not placed, and the bell tells it too', async () => {
    await product.admin('PUT', '/call-limits/rate', {
      classes: ['premium'],
      accounts: ['agent:agent1'],
      maxPerMinute: 1,
    });
    await talk(PREMIUM);
    await dial(PREMIUM);
    await untilTold(/minute/i);
    expect(await untilAlarm('call-limit', 'agent:agent1')).toMatchObject({ severity: 'warning' });
    await product.admin('DELETE', '/call-limits/rate');
  }, 180_000);

  it('is locked at the ceiling of cost until an administrator lifts the lock', async () => {
    const limit = { classes: ['national'], accounts: ['agent:agent1'], maxCostPerDay: 5 };
    await product.admin('PUT', '/call-limits/cost', limit);
    // Two calls of a begun minute at 3 each.
    await talk(DEAR);
    await talk(DEAR);
    await dial(DEAR);
    await untilTold(/cost/i);
    expect(await untilAlarm('call-cost-ceiling', 'agent:agent1')).toMatchObject({ severity: 'critical' });
    await untilUsage('agent:agent1', ({ lockedAtMs }) => lockedAtMs !== undefined);
    await product.admin('DELETE', '/call-limits/locks/agent:agent1');
    await talk(DEAR);
    await pause(100);
  }, 180_000);
});
