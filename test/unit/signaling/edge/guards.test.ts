/** The guards against floods and overload. */
import type { Clock } from '../../../../base/clock';
import { SimulatedClock } from '../../../../base/clock';
import { FloodGuard } from '../../../../signaling/edge/flood-guard';
import { SocketDelay } from '../../../../signaling/edge/transport/socket-delay';
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

  const limits = { toleratedMs: 100, refuseAllMs: 500 };

  it('refuses nothing while timers are late now and then, ever more when they stay late, and nothing in the end', () => {
    const { clock, turn, cancelled } = lateClock();
    const guard = new OverloadGuard({ clock, limits, socketDelayMs: () => 0 });
    turn(0, 20);
    turn(300, 1);
    expect(guard.shareRefused).toBe(0);
    expect(guard.refusesNext()).toBe(false);
    turn(300, 30);
    expect(guard.shareRefused).toBeCloseTo(0.5, 2);
    turn(1_000, 30);
    expect(guard.shareRefused).toBe(1);
    turn(0, 15);
    expect(guard.shareRefused).toBe(0);
    guard.close();
    expect(cancelled()).toBe(true);
  });

  it('takes one pause of seconds, with all that waited meanwhile, for none', () => {
    const { clock, turn } = lateClock();
    let socketDelayMs = 0;
    const guard = new OverloadGuard({ clock, limits, socketDelayMs: () => socketDelayMs });
    turn(0, 20);
    socketDelayMs = 2_500;
    turn(2_500, 1);
    turn(0, 2);
    socketDelayMs = 0;
    for (let round = 0; round < 20; round += 1) {
      turn(0, 1);
      expect(guard.shareRefused).toBe(0);
    }
  });

  it('refuses the share that it names, evenly', () => {
    const { clock, turn } = lateClock();
    const guard = new OverloadGuard({ clock, limits, socketDelayMs: () => 0 });
    turn(200, 60);
    const refused = Array.from({ length: 400 }, () => guard.refusesNext());
    expect(refused.filter(Boolean).length).toBeGreaterThan(95);
    expect(refused.filter(Boolean).length).toBeLessThan(105);
    expect(refused.slice(0, 8).filter(Boolean).length).toBeLessThanOrEqual(2);
  });

  it('sees that the app is late by the BYEs that it answers late, or not at all', () => {
    const { clock, turn } = lateClock();
    const guard = new OverloadGuard({ clock, limits, socketDelayMs: () => 0 });
    for (let round = 0; round < 60; round += 1) {
      guard.handedOver(`late-${round}`);
      guard.answered(`late-${round - 6}`);
      turn(0, 1);
    }
    expect(guard.shareRefused).toBeCloseTo(0.5, 2);
    for (let round = 54; round < 60; round += 1) guard.answered(`late-${round}`);
    turn(0, 40);
    expect(guard.shareRefused).toBe(0);
    for (let call = 0; call < 20; call += 1) guard.handedOver(`stuck-${call}`);
    turn(0, 40);
    expect(guard.shareRefused).toBe(1);
    for (let call = 0; call < 20; call += 1) guard.answered(`stuck-${call}`);
    turn(0, 40);
    expect(guard.shareRefused).toBe(0);
  });

  it('sees that datagrams wait in the socket', () => {
    const { clock, turn } = lateClock();
    let socketDelayMs = 300;
    const guard = new OverloadGuard({ clock, limits, socketDelayMs: () => socketDelayMs });
    turn(0, 40);
    expect(guard.shareRefused).toBeCloseTo(0.5, 2);
    socketDelayMs = 0;
    turn(0, 40);
    expect(guard.shareRefused).toBe(0);
  });

  it('does not punish everybody for one BYE that an app forgets', () => {
    const { clock, turn } = lateClock();
    const guard = new OverloadGuard({ clock, limits, socketDelayMs: () => 0 });
    for (let call = 0; call < 9; call += 1) guard.handedOver(`forgotten-${call}`);
    turn(0, 400);
    expect(guard.shareRefused).toBe(0);
  });
});

describe('the delay of a socket', () => {
  it('is how long a datagram of ours takes to be read, and how long it has been under way', () => {
    const clock = new SimulatedClock();
    const sent: Buffer[] = [];
    const delay = new SocketDelay({ clock, send: (bytes) => sent.push(bytes) });
    expect(delay.delayMs).toBe(0);
    clock.advance(50);
    expect(sent).toHaveLength(1);
    clock.advance(70);
    expect(sent).toHaveLength(1);
    expect(delay.delayMs).toBe(70);
    expect(delay.takes(Buffer.from('INVITE sip:a@b S'))).toBe(false);
    expect(delay.takes(sent[0] ?? Buffer.alloc(0))).toBe(true);
    clock.advance(100);
    expect(sent).toHaveLength(2);
    expect(delay.delayMs).toBe(70);
    delay.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('counts a datagram as lost after two seconds and sends another', () => {
    const clock = new SimulatedClock();
    const sent: Buffer[] = [];
    const delay = new SocketDelay({ clock, send: (bytes) => sent.push(bytes) });
    clock.advance(2_100);
    expect(sent).toHaveLength(2);
    delay.close();
  });
});
