import { SimulatedClock } from '../../../base/clock';
import { AttemptLimiter } from '../../../base/attempt-limiter';

const clock = new SimulatedClock();
const limits = { maxFailures: 3, windowMs: 1_000, maxKeys: 4 };
const failures = (limiter: AttemptLimiter, key: string, count: number): void => {
  for (let index = 0; index < count; index += 1) limiter.begin(key);
};

describe('the limiter of attempts', () => {
  it('lets through until the limit, then says how long to wait', () => {
    const limiter = new AttemptLimiter(clock, limits);
    failures(limiter, 'anna', 2);
    expect(limiter.waitMs('anna')).toBe(0);
    clock.advance(400);
    limiter.begin('anna');
    expect(limiter.waitMs('anna')).toBe(600);
    expect(limiter.waitMs('ben')).toBe(0);
  });

  it('forgets each failure when the window has moved past it', () => {
    const limiter = new AttemptLimiter(clock, limits);
    limiter.begin('anna');
    clock.advance(900);
    failures(limiter, 'anna', 2);
    expect(limiter.waitMs('anna')).toBe(100);
    clock.advance(100);
    expect(limiter.waitMs('anna')).toBe(0);
    limiter.begin('anna');
    expect(limiter.waitMs('anna')).toBe(900);
    clock.advance(1_000);
    expect(limiter.waitMs('anna')).toBe(0);
    expect(limiter.rememberedKeys).toBe(0);
  });

  it('takes back the last attempt only', () => {
    const limiter = new AttemptLimiter(clock, limits);
    failures(limiter, 'net', 3);
    limiter.takeBack('net');
    expect(limiter.waitMs('net')).toBe(0);
    limiter.begin('net');
    expect(limiter.waitMs('net')).toBe(1_000);
    limiter.takeBack('never seen');
    expect(limiter.rememberedKeys).toBe(1);
  });

  it('forgives a key altogether', () => {
    const limiter = new AttemptLimiter(clock, limits);
    failures(limiter, 'anna', 3);
    limiter.forgive('anna');
    expect([limiter.waitMs('anna'), limiter.rememberedKeys]).toEqual([0, 0]);
  });

  it('remembers a bounded number of keys and forgets the one touched longest ago', () => {
    const limiter = new AttemptLimiter(clock, limits);
    failures(limiter, 'old', 3);
    failures(limiter, 'a', 3);
    failures(limiter, 'old', 1);
    for (const key of ['b', 'c', 'd']) failures(limiter, key, 1);
    expect(limiter.rememberedKeys).toBe(4);
    expect(limiter.waitMs('a')).toBe(0);
    expect(limiter.waitMs('old')).toBeGreaterThan(0);
  });

  it('keeps no more times for a key than it needs', () => {
    const limiter = new AttemptLimiter(clock, limits);
    failures(limiter, 'flood', 100_000);
    expect(limiter.waitMs('flood')).toBe(1_000);
  });
});
