/** Limits of calls outside: what is counted, charged, refused, told and kept. */
import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { CallFraud } from '../../../calls/call-fraud';
import type { CountedCall } from '../../../calls/call-fraud';
import { limitsFor } from '../../../calls/call-limit';
import { createCallPermission } from '../../../calls/call-permission';
import type { CallLimit, CallUsage } from '../../../store/call-limits';
import { ANN, SmallCenter } from './support/small-center';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ABROAD = '0049301';

const aLimit = (figures: Partial<CallLimit>): CallLimit => ({ _id: 'a', classes: [], accounts: [], ...figures });

class Exchange {
  readonly kept = new Map<string, CallUsage>();
  readonly alarms: Alarms;
  fraud: CallFraud;

  constructor(
    public limits: CallLimit[],
    readonly clock = new SimulatedClock(),
  ) {
    this.alarms = new Alarms({ clock, log: silentLogger() });
    this.fraud = this.start();
  }

  start(): CallFraud {
    this.fraud = new CallFraud({
      clock: this.clock,
      log: silentLogger(),
      alarms: this.alarms,
      limits: () => this.limits,
      classOf: createCallPermission(() => []).classOf,
      costPerMinute: (_number, trunkId) => (trunkId === 'dear' ? 5 : 2),
      usage: [...this.kept.values()].map((usage) => ({ ...usage })),
      save: (usage) => Promise.resolve(void this.kept.set(usage._id, usage)),
      forget: (id) => Promise.resolve(void this.kept.delete(id)),
    });
    return this.fraud;
  }

  begin(account = 'agent:ann', number = ABROAD): CountedCall | string {
    const begun = this.fraud.begin({ account, number });
    return begun.ok ? begun.value : (begun.fault.about?.key ?? 'no key');
  }

  /** Throws when it is refused. */
  call(account?: string, number?: string): CountedCall {
    const begun = this.begin(account, number);
    if (typeof begun === 'string') throw new Error(begun);
    return begun;
  }

  talk(ms: number, trunkId = 'cheap'): void {
    const call = this.call();
    call.attempted(trunkId);
    call.answered();
    this.clock.advance(ms);
    call.ended();
  }

  get cost(): number | undefined {
    return this.fraud.usage()[0]?.costToday;
  }
}

describe('the limit that holds', () => {
  const of = { account: 'agent:ann', numberClass: 'national' };

  it('is finite for what fraud is after, and only there, when nobody has set any', () => {
    expect(limitsFor([], { ...of, numberClass: 'premium' })).toEqual({
      maxConcurrent: 5,
      maxPerMinute: 10,
      maxCostPerDay: 100,
    });
    expect(limitsFor([], of)).toEqual({ maxConcurrent: Infinity, maxPerMinute: Infinity, maxCostPerDay: Infinity });
    expect(limitsFor([], { ...of, numberClass: 'constructor' }).maxConcurrent).toBe(Infinity);
  });

  it("is each figure's most exact one, and the lower of two that are as exact", () => {
    const limits = [
      aLimit({ maxConcurrent: 1, maxPerMinute: 9 }),
      aLimit({ classes: ['national'], maxConcurrent: 2, maxPerMinute: 8 }),
      aLimit({ accounts: ['agent:ann'], maxConcurrent: 7 }),
      aLimit({ accounts: ['agent:ann'], maxConcurrent: 6 }),
      aLimit({ accounts: ['agent:bob'], maxConcurrent: 50, maxCostPerDay: 3 }),
    ];
    expect(limitsFor(limits, of)).toEqual({ maxConcurrent: 6, maxPerMinute: 8, maxCostPerDay: Infinity });
  });
});

it('calls at a time are limited for each account by itself, and end when the call ends', () => {
  const exchange = new Exchange([aLimit({ maxConcurrent: 2 })]);
  const first = exchange.call();
  exchange.call();
  expect(exchange.begin()).toBe('call-limit-concurrent');
  exchange.call('agent:bob');
  first.ended();
  first.ended();
  exchange.call();
  expect(exchange.begin()).toBe('call-limit-concurrent');
});

it('calls a minute are limited within any minute; asking counts nothing', () => {
  const exchange = new Exchange([aLimit({ maxPerMinute: 2 })]);
  for (let asked = 0; asked < 5; asked += 1) {
    expect(exchange.fraud.mayCall({ account: 'agent:ann', number: ABROAD }).ok).toBe(true);
  }
  exchange.call().ended();
  exchange.clock.advance(30_000);
  exchange.call().ended();
  expect(exchange.begin()).toBe('call-limit-rate');
  expect(exchange.fraud.mayCall({ account: 'agent:ann', number: ABROAD }).ok).toBe(false);
  exchange.clock.advance(30_000);
  exchange.call().ended();
  expect(exchange.begin()).toBe('call-limit-rate');
});

it('the same offence of the same account raises an alarm once in ten minutes', () => {
  const exchange = new Exchange([aLimit({ maxConcurrent: 0 })]);
  exchange.begin();
  exchange.begin();
  expect(exchange.alarms.recent).toMatchObject([
    { kind: 'call-limit', details: { account: 'agent:ann', class: 'international', breach: 'call-limit-concurrent' } },
  ]);
  exchange.clock.advance(10 * MINUTE_MS);
  exchange.begin();
  expect(exchange.alarms.recent).toHaveLength(2);
});

describe('the cost', () => {
  it('is that of begun minutes by the trunk that carried the call, and nothing without an answer', () => {
    const exchange = new Exchange([]);
    exchange.talk(MINUTE_MS + 1);
    expect(exchange.cost).toBe(4);
    exchange.talk(1_000, 'dear');
    expect(exchange.cost).toBe(9);
    exchange.call().ended();
    expect(exchange.cost).toBe(9);
  });

  it('of running calls counts; at the ceiling the class is locked over midnight, and running calls go on', () => {
    const exchange = new Exchange([aLimit({ maxCostPerDay: 4 })]);
    const running = exchange.call();
    running.answered();
    exchange.clock.advance(MINUTE_MS);
    exchange.call().ended();
    exchange.clock.advance(1);
    expect(exchange.begin()).toBe('call-limit-cost');
    expect(exchange.begin()).toBe('call-limit-cost');
    expect(exchange.fraud.usage()).toMatchObject([{ concurrent: 1, costToday: 4 }]);
    expect(exchange.alarms.recent).toMatchObject([
      { kind: 'call-cost-ceiling', severity: 'critical', details: { account: 'agent:ann', cost: 4, limit: 4 } },
    ]);
    exchange.call('agent:ann', '0301234').ended();
    exchange.clock.advance(DAY_MS);
    running.ended();
    expect(exchange.begin()).toBe('call-limit-cost');
  });

  it('locks when a call ends, survives a restart, and begins anew when the lock is lifted', async () => {
    const exchange = new Exchange([aLimit({ maxCostPerDay: 4 })]);
    exchange.talk(1_000);
    await exchange.fraud.settled();
    exchange.start();
    expect(exchange.cost).toBe(2);
    exchange.talk(1_000);
    await exchange.fraud.settled();
    exchange.start();
    expect(exchange.begin()).toBe('call-limit-cost');
    expect(await exchange.fraud.lift('agent:ann', 'premium')).toBe(false);
    expect(await exchange.fraud.lift('agent:ann', 'international')).toBe(true);
    expect(await exchange.fraud.lift('agent:ann')).toBe(false);
    exchange.start();
    exchange.talk(1_000);
    expect(exchange.cost).toBe(2);
  });

  it('so far of a running call is forgiven with the lock', async () => {
    const exchange = new Exchange([aLimit({ maxCostPerDay: 2 })]);
    const running = exchange.call();
    running.answered();
    expect(exchange.begin()).toBe('call-limit-cost');
    await exchange.fraud.lift('agent:ann');
    exchange.call().ended();
    exchange.clock.advance(MINUTE_MS + 1);
    expect(exchange.begin()).toBe('call-limit-cost');
  });

  it('is forgotten at midnight, here and in the store', async () => {
    const exchange = new Exchange([]);
    exchange.talk(1_000);
    await exchange.fraud.settled();
    expect(exchange.kept.size).toBe(1);
    exchange.clock.advance(DAY_MS);
    expect(exchange.fraud.usage()).toEqual([]);
    await exchange.fraud.settled();
    expect(exchange.kept.size).toBe(0);
  });

  it('of a call over midnight belongs to the day on which it ends', () => {
    const exchange = new Exchange([]);
    exchange.talk(DAY_MS);
    expect(exchange.cost).toBe(2 * 1_440);
  });
});

it('emergency calls are neither counted nor refused', () => {
  const exchange = new Exchange([aLimit({ maxConcurrent: 0, maxPerMinute: 0 })]);
  for (let calls = 0; calls < 50; calls += 1) exchange.call('agent:ann', '112').answered();
  expect(exchange.fraud.usage()).toEqual([]);
  expect(exchange.begin()).toBe('call-limit-concurrent');
});

describe('at the desk', () => {
  let center: SmallCenter;
  let exchange: Exchange;

  const dial = async (number: string): Promise<string> => {
    const dialled = await center.center.desks.perform(ANN, { command: 'dial', number });
    if (!dialled.ok) return dialled.fault.about?.key ?? dialled.fault.message;
    await center.pass();
    await center.answer();
    await center.answer();
    await center.act(ANN, { command: 'hang-up' });
    const { callId } = center.callOf(ANN) ?? {};
    if (callId) await center.center.desks.perform(ANN, { command: 'wrap-up-done', callId, note: '' });
    await center.pass();
    return 'called';
  };

  beforeEach(() => {
    const clock = new SimulatedClock();
    exchange = new Exchange([aLimit({ maxPerMinute: 2 })], clock);
    center = new SmallCenter({ fraud: exchange.fraud });
  });

  it('a third call within a minute is refused with its reason, and an emergency call is not', async () => {
    expect(await dial(ABROAD)).toBe('called');
    expect(await dial(ABROAD)).toBe('called');
    expect(await dial(ABROAD)).toBe('call-limit-rate');
    expect(await dial('112')).toBe('called');
    expect(exchange.fraud.usage()).toMatchObject([{ account: 'agent:ann', concurrent: 0, costToday: 4 }]);
    center.expectNothingLeft();
  });

  it('a transfer outside is the call of the agent who makes it, and ends with the customer', async () => {
    const customer = await center.talkWithAnn();
    const target = { kind: 'number', number: ABROAD } as const;
    expect(await center.act(ANN, { command: 'transfer', target })).toMatchObject({ ok: true });
    await center.answer();
    expect(exchange.fraud.usage()).toMatchObject([{ account: 'agent:ann', concurrent: 1 }]);
    customer.leave();
    await center.pass();
    expect(exchange.fraud.usage()).toMatchObject([{ concurrent: 0, costToday: 2 }]);
  });

  it('a transfer beyond the limits leaves the customer with the agent', async () => {
    exchange.limits = [aLimit({ maxConcurrent: 0 })];
    await center.talkWithAnn();
    const target = { kind: 'number', number: ABROAD } as const;
    const refused = await center.act(ANN, { command: 'transfer', target });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'forbidden', about: { key: 'call-limit-concurrent' } } });
    expect(center.callOf(ANN)?.state).toBe('connected');
  });
});
