import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { CONFIRMED_WITHIN_MS, StandingAlarms } from '../../../base/standing-alarms';

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

describe('after a restart', () => {
  const KEYS = ['confirmed', 'over', 'unheard-of'] as const;

  /** Three stood; the first is raised again, the second is over, of the third nobody says anything. */
  const restart = () => {
    const { clock, alarms } = setUp();
    const found = KEYS.map((id) => ({
      ...{ id, expiresAtMs: Infinity },
      value: { key: id, sinceMs: clock.nowMs(), alarm: LONG },
    }));
    const removed: string[] = [];
    const records = { takeFound: () => found, save: () => undefined, remove: (id: string) => void removed.push(id) };
    clock.advance(60_000);
    return { clock, alarms, removed, standing: new StandingAlarms({ alarms, clock, records }) };
  };

  it('what still holds is not raised anew, and what is over meanwhile is told to be over', () => {
    const { clock, alarms, removed, standing } = restart();
    expect(standing.list().map(({ key }) => key)).toEqual(KEYS);
    standing.raise('confirmed', LONG);
    standing.clear('over', SHORT);
    expect(alarms.recent.map(({ kind, condition }) => [kind, condition?.key])).toEqual([['queue-short', 'over']]);
    clock.advance(CONFIRMED_WITHIN_MS);
    expect(alarms.recent.map(({ kind, condition }) => [kind, condition?.key])).toEqual([
      ['alarm-lapsed', 'unheard-of'],
      ['queue-short', 'over'],
    ]);
    expect(standing.list()).toMatchObject([{ key: 'confirmed', alarm: LONG }]);
    expect(removed).toEqual(['over', 'unheard-of']);
  });

  it('what stands when the app is stopped is kept, and nothing is waited for', () => {
    const { clock, removed, standing } = restart();
    standing.close();
    clock.advance(CONFIRMED_WITHIN_MS);
    expect([standing.list().length, removed, clock.pendingTimers]).toEqual([3, [], 0]);
  });
});
