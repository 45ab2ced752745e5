/** Agents who are away for longer than the reason allows. */
import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { StandingAlarms } from '../../../base/standing-alarms';
import { PauseAlarms } from '../../../calls/pause-alarms';
import type { DeskAgent, DeskEvent } from '../../../calls/ports';

const MINUTE_MS = 60_000;

const watch = (before: Partial<DeskAgent> = {}) => {
  const clock = new SimulatedClock();
  const alarms = new Alarms({ clock, log: silentLogger() });
  const standing = new StandingAlarms({ clock, alarms });
  let agent: DeskAgent = {
    agentId: asId<AgentId>('ann'),
    displayName: 'Ann',
    extension: '1',
    state: 'ready',
    sinceMs: clock.nowMs(),
    deviceRegistered: true,
    station: { kind: 'browser' },
    stations: ['browser'],
    ...before,
  };
  let tell: (event: DeskEvent) => void = () => undefined;
  const pauses = new PauseAlarms({
    clock,
    standing,
    desks: {
      agents: () => [agent],
      onEvent: (listener) => {
        tell = listener;
        return () => (tell = () => undefined);
      },
    },
    limitsMs: { break: 15 * MINUTE_MS, lunch: 60 * MINUTE_MS },
  });
  const is = (change: Partial<DeskAgent>): void => {
    agent = { ...agent, sinceMs: clock.nowMs(), ...change };
    tell({ type: 'agent', agent });
  };
  return {
    clock,
    alarms,
    standing,
    pauses,
    is,
    takes: (reason: 'break' | 'lunch' | 'meeting') => is({ state: 'not-ready', notReadyReason: reason }),
  };
};

it('a break that is too long is an alarm until the agent is back', () => {
  const { clock, alarms, standing, is, takes } = watch();
  takes('break');
  clock.advance(15 * MINUTE_MS - 1);
  expect(standing.list()).toEqual([]);
  clock.advance(1);
  expect(standing.has('pause/ann')).toBe(true);
  is({ deviceRegistered: false, sinceMs: clock.nowMs() - 15 * MINUTE_MS });
  expect(standing.has('pause/ann')).toBe(true);
  is({ state: 'ready', notReadyReason: undefined });
  expect(alarms.recent).toMatchObject([
    { kind: 'pause-over', severity: 'info' },
    { kind: 'pause-too-long', details: { agent: 'Ann', reason: 'break', minutes: 15 } },
  ]);
  expect(clock.pendingTimers).toBe(0);
});

it('each reason has its own limit, which begins with it; others have none', () => {
  const { clock, standing, takes } = watch();
  takes('break');
  clock.advance(10 * MINUTE_MS);
  takes('lunch');
  clock.advance(59 * MINUTE_MS);
  expect(standing.list()).toEqual([]);
  clock.advance(MINUTE_MS);
  expect(standing.has('pause/ann')).toBe(true);
  takes('meeting');
  clock.advance(600 * MINUTE_MS);
  expect(standing.list()).toEqual([]);
});

it('a pause of before the restart goes on, and closing leaves no timer', () => {
  const { clock, pauses, standing } = watch({
    state: 'not-ready',
    notReadyReason: 'break',
    sinceMs: new SimulatedClock().nowMs() - 14 * MINUTE_MS,
  });
  clock.advance(MINUTE_MS);
  expect(standing.has('pause/ann')).toBe(true);
  pauses.close();
  pauses.close();
  expect(clock.pendingTimers).toBe(0);
});
