import { SimulatedClock, sleep, systemClock, within } from '../../../base/clock';

describe('the simulated clock', () => {
  test('stands still until it is moved, and both its times move together', () => {
    const clock = new SimulatedClock(1000);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1000, 0]);
    clock.advance(250);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1250, 250]);
  });

  test('runs timers in the order of their due times, then of their creation, each at its own time', () => {
    const clock = new SimulatedClock(0);
    const ran: string[] = [];
    const note = (name: string) => (): void => void ran.push(`${name}@${clock.monotonicMs()}`);
    clock.after(30, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.advance(9);
    expect(ran).toEqual([]);
    clock.advance(91);
    expect(ran).toEqual(['first@10', 'second@10', 'late@30']);
    expect(clock.monotonicMs()).toBe(100);
    expect(clock.pendingTimers).toBe(0);
  });

  test('a timer that is started by a timer runs in the same advance when it falls due', () => {
    const clock = new SimulatedClock();
    const ran: number[] = [];
    clock.after(10, () => clock.after(10, () => ran.push(clock.monotonicMs())));
    clock.advance(20);
    expect(ran).toEqual([20]);
  });

  test('repeats until it is cancelled, also from within', () => {
    const clock = new SimulatedClock();
    const ran: number[] = [];
    const timer = clock.every(20, () => {
      ran.push(clock.monotonicMs());
      if (ran.length === 3) timer.cancel();
    });
    clock.advance(200);
    expect(ran).toEqual([20, 40, 60]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('a cancelled timer never runs, even when the one that cancels it is due at the same time', () => {
    const clock = new SimulatedClock();
    const never = jest.fn();
    clock.after(10, () => victim.cancel());
    const victim = clock.after(10, never);
    clock.advance(100);
    victim.cancel();
    expect(never).not.toHaveBeenCalled();
  });

  test('a delay below zero is due at once and does not turn time back', () => {
    const clock = new SimulatedClock();
    clock.advance(50);
    const ranAtMs: number[] = [];
    clock.after(-10, () => ranAtMs.push(clock.monotonicMs()));
    clock.advance(0);
    expect(ranAtMs).toEqual([50]);
  });

  test('lets promises settle between the steps of an asynchronous advance', async () => {
    const clock = new SimulatedClock();
    const wokeAtMs: number[] = [];
    const sleeper = async (): Promise<void> => {
      for (let turn = 0; turn < 3; turn += 1) {
        await sleep(clock, 10);
        wokeAtMs.push(clock.monotonicMs());
      }
    };
    const done = sleeper();
    await clock.advanceAsync(30, 10);
    await done;
    expect(wokeAtMs).toEqual([10, 20, 30]);
  });
});

describe('the system clock', () => {
  test('waits no shorter than asked, and a cancelled timer never runs', async () => {
    const never = jest.fn();
    const once = systemClock.after(1, never);
    const repeating = systemClock.every(1, never);
    once.cancel();
    repeating.cancel();
    const startedMs = systemClock.monotonicMs();
    await sleep(systemClock, 20);
    // Node rounds timers to whole milliseconds.
    expect(systemClock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(19);
    expect(never).not.toHaveBeenCalled();
  });
});

describe('the clock of the system', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('keeps times longer than a timer of Node can be, and forgets them when told to', () => {
    const ran: string[] = [];
    const days = (count: number): number => count * 86_400_000;
    systemClock.after(days(60), () => ran.push('sixty days'));
    systemClock.after(days(60), () => ran.push('cancelled')).cancel();
    const late = systemClock.after(days(60), () => ran.push('cancelled late'));
    jest.advanceTimersByTime(days(59));
    expect(ran).toEqual([]);
    late.cancel();
    jest.advanceTimersByTime(days(1));
    expect(ran).toEqual(['sixty days']);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('waiting for a promise', () => {
  test('ends with it, or with patience, and leaves no timer', async () => {
    const clock = new SimulatedClock();
    await within(clock, 1000, Promise.resolve());
    expect(clock.pendingTimers).toBe(0);
    let over = false;
    const waiting = within(clock, 1000, new Promise(() => undefined)).then(() => (over = true));
    await clock.advanceAsync(999);
    expect(over).toBe(false);
    clock.advance(1);
    await waiting;
    await expect(within(clock, 1000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(clock.pendingTimers).toBe(0);
  });
});
