/** Proxies: their order, their health, their limits. */
import { SimulatedClock } from '../../../../base/clock';
import { SeededRandom } from '../../../../base/random';
import { CallLimiter } from '../../../../signaling/trunks/call-limits';
import { orderByPriority } from '../../../../signaling/trunks/proxy-choice';
import type { HealthInput, ProxyHealth } from '../../../../signaling/trunks/proxy-health';
import { newHealth, stepHealth } from '../../../../signaling/trunks/proxy-health';

describe('the order of proxies', () => {
  const random = new SeededRandom(7);
  const order = (): string[] =>
    orderByPriority(
      [
        { name: 'spare', priority: 2, weight: 1 },
        { name: 'big', priority: 1, weight: 3 },
        { name: 'small', priority: 1, weight: 1 },
        { name: 'never', priority: 1, weight: 0 },
      ],
      () => random.next(),
    ).map(({ name }) => name);

  it('keeps to priorities, and shares by weight within one', () => {
    const orders = Array.from({ length: 2000 }, order);
    expect(orders.every((names) => names.length === 4 && names[3] === 'spare')).toBe(true);
    const first = (name: string): number => orders.filter(([head]) => head === name).length / orders.length;
    expect(first('big')).toBeGreaterThan(0.7);
    expect(first('big')).toBeLessThan(0.8);
    expect(first('small')).toBeGreaterThan(0.2);
    expect(first('never')).toBeLessThan(0.02);
  });
});

describe('the health of a proxy', () => {
  const run = (probed: boolean, ...inputs: (HealthInput | number)[]): ProxyHealth => {
    let [health, nowMs] = [newHealth(0), 0];
    for (const input of inputs) {
      if (typeof input === 'number') nowMs += input;
      else health = stepHealth(health, input, { nowMs, rules: { downAfter: 2, upAfter: 2, probed } });
    }
    return health;
  };
  const answered: HealthInput = { type: 'answered' };
  const failed: HealthInput = { type: 'failed', cause: { key: 'nothing-sent', values: {} } };
  const look: HealthInput = { type: 'looked-at' };

  it('is down after failures in a row only', () => {
    expect(run(true, failed).name).toBe('unknown');
    expect(run(true, answered, failed, answered, failed).name).toBe('up');
    expect(run(true, answered, failed, failed)).toMatchObject({ name: 'down', cause: { key: 'nothing-sent' } });
  });

  it('is up again after answers in a row', () => {
    expect(run(true, failed, failed, answered).name).toBe('down');
    expect(run(true, failed, failed, answered, failed, answered).name).toBe('down');
    expect(run(true, failed, failed, answered, answered).name).toBe('up');
  });

  it('gets another chance when nothing probes it', () => {
    expect(run(false, failed, failed, 59_999, look).name).toBe('down');
    expect(run(false, failed, failed, 60_000, look).name).toBe('unknown');
    expect(run(true, failed, failed, 600_000, look).name).toBe('down');
  });
});

describe('limits', () => {
  it('hold calls at once, whatever their direction', () => {
    const limiter = new CallLimiter(new SimulatedClock(), { calls: 2 });
    const first = limiter.take('inbound');
    expect(limiter.take('outbound').granted).toBe(true);
    expect(limiter.take('inbound')).toEqual({ granted: false, limit: 'calls', retryAfterS: 5 });
    if (first.granted) {
      first.release();
      first.release();
    }
    expect(limiter.calls).toEqual({ inbound: 0, outbound: 1 });
    expect(limiter.take('inbound').granted).toBe(true);
    expect(limiter.take('inbound').granted).toBe(false);
  });

  it('hold calls per second for each direction', () => {
    const clock = new SimulatedClock();
    const limiter = new CallLimiter(clock, { inboundPerS: 2, outboundPerS: 0.5 });
    const granted = (direction: 'inbound' | 'outbound'): boolean => limiter.take(direction).granted;
    expect([granted('inbound'), granted('inbound'), granted('inbound')]).toEqual([true, true, false]);
    expect([granted('outbound'), granted('outbound')]).toEqual([true, false]);
    clock.advance(500);
    expect([granted('inbound'), granted('inbound'), granted('outbound')]).toEqual([true, false, false]);
    clock.advance(1_500);
    expect(granted('outbound')).toBe(true);
    clock.advance(60_000);
    expect([granted('inbound'), granted('inbound'), granted('inbound')]).toEqual([true, true, false]);
  });

  it('change while calls go on', () => {
    const limiter = new CallLimiter(new SimulatedClock());
    limiter.take('inbound');
    limiter.change({ calls: 1 });
    expect(limiter.take('inbound').granted).toBe(false);
    limiter.change({});
    expect(limiter.take('inbound').granted).toBe(true);
  });
});
