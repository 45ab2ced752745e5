/** The guards against floods and overload. */
import type { Clock } from '../../../../base/clock';
import { SimulatedClock } from '../../../../base/clock';
import { FloodGuard } from '../../../../signaling/edge/flood-guard';
import { OverloadGuard } from '../../../../signaling/edge/overload-guard';

describe('FloodGuard', () => {
  const make = (): {
    clock: SimulatedClock;
    guard: FloodGuard;
    admitted: (address: string, count: number) => number;
  } => {
    const clock = new SimulatedClock();
    const guard = new FloodGuard({ clock, limits: { burst: 10, perSecond: 5 } });
    const admitted = (address: string, count: number): number =>
      Array.from({ length: count }, () => guard.admits(address)).filter(Boolean).length;
    return { clock, guard, admitted };
  };

  it('lets a stranger send a burst, then as much as the rate allows', () => {
    const { clock, admitted } = make();
    expect(admitted('192.0.2.1', 100)).toBe(10);
    clock.advance(1_000);
    expect(admitted('192.0.2.1', 100)).toBe(5);
    clock.advance(60_000);
    expect(admitted('192.0.2.1', 100)).toBe(10);
  });

  it('counts each source by itself, and never one that is known', () => {
    const { guard, admitted } = make();
    guard.trust('192.0.2.2');
    expect(admitted('192.0.2.1', 1_000)).toBe(10);
    expect(admitted('192.0.2.2', 1_000)).toBe(1_000);
    expect(admitted('192.0.2.3', 3)).toBe(3);
  });

  it('forgets whom it knew after an hour', () => {
    const { clock, guard, admitted } = make();
    guard.trust('192.0.2.2');
    clock.advance(3_600_001);
    expect(admitted('192.0.2.2', 100)).toBe(10);
  });

  it('holds a bounded number of sources', () => {
    const { admitted } = make();
    expect(admitted('192.0.2.1', 10)).toBe(10);
    for (let n = 0; n < 20_000; n += 1) admitted(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, 1);
    // Forgotten meanwhile, so that it starts anew: the price of the bound.
    expect(admitted('192.0.2.1', 11)).toBe(10);
  });
});

describe('OverloadGuard', () => {
  /** A clock whose timers run late by what the test says. */
  const lateClock = (): { clock: Clock; turn: (lateMs: number, times: number) => void; cancelled: () => boolean } => {
    let nowMs = 0;
    let run: (() => void) | undefined;
    let cancelled = false;
    const clock: Clock = {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      after: () => ({ cancel: () => undefined }),
      every: (_periodMs, task) => {
        run = task;
        return { cancel: () => (cancelled = true) };
      },
    };
    const turn = (lateMs: number, times: number): void => {
      for (let n = 0; n < times; n += 1) {
        nowMs += 50 + lateMs;
        run?.();
      }
    };
    return { clock, turn, cancelled: () => cancelled };
  };

  it('sees overload when timers are late for a while, and its end when they are not', () => {
    const { clock, turn, cancelled } = lateClock();
    const guard = new OverloadGuard({ clock, maxLagMs: 100 });
    turn(0, 20);
    expect(guard.overloaded).toBe(false);
    turn(400, 1);
    expect(guard.overloaded).toBe(false);
    turn(400, 3);
    expect(guard.overloaded).toBe(true);
    turn(60, 3);
    expect(guard.overloaded).toBe(true);
    turn(0, 10);
    expect(guard.overloaded).toBe(false);
    guard.close();
    expect(cancelled()).toBe(true);
  });
});
