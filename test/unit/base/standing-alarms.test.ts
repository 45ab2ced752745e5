import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { StandingAlarms } from '../../../base/standing-alarms';

const LONG = { kind: 'queue-long', severity: 'warning', message: 'It is long.', details: { waiting: 9 } } as const;
const SHORT = { kind: 'queue-short', message: 'It is short again.', details: {} } as const;

const setUp = () => {
  const clock = new SimulatedClock();
  const alarms = new Alarms({ clock, log: silentLogger() });
  return { clock, alarms, standing: new StandingAlarms({ alarms, clock }) };
};

it('what lasts is raised once, stands, and is told once to be over', () => {
  const { clock, alarms, standing } = setUp();
  standing.raise('queue/support', LONG);
  clock.advance(1_000);
  standing.raise('queue/support', LONG);
  expect(standing.list()).toEqual([{ key: 'queue/support', sinceMs: clock.nowMs() - 1_000, alarm: LONG }]);
  standing.clear('queue/support', SHORT);
  standing.clear('queue/support', SHORT);
  expect(standing.list()).toEqual([]);
  expect(alarms.recent.map(({ kind, severity, condition }) => [kind, severity, condition])).toEqual([
    ['queue-short', 'info', { key: 'queue/support', state: 'over' }],
    ['queue-long', 'warning', { key: 'queue/support', state: 'raised' }],
  ]);
});

it('two things of one kind stand beside each other', () => {
  const { standing } = setUp();
  standing.raise('a', LONG);
  standing.raise('b', LONG);
  standing.clear('a', SHORT);
  expect([standing.has('a'), standing.has('b')]).toEqual([false, true]);
});
