/** When queues are an alarm, and when they are none any more. */
import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { QueueId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { StandingAlarms } from '../../../base/standing-alarms';
import { noCounts } from '../../../acd/metrics';
import type { Counts } from '../../../acd/metrics';
import { CHECK_EVERY_MS, QueueAlarms } from '../../../calls/queue-alarms';
import type { QueueLoad } from '../../../calls/queue-alarms';
import { DEFAULT_QUEUE_ALARMS } from '../../../store/queue-alarms';
import type { QueueAlarmTerms } from '../../../store/queue-alarms';

const SUPPORT = asId<QueueId>('support');

const watch = (terms: Partial<QueueAlarmTerms> = {}) => {
  const clock = new SimulatedClock();
  const alarms = new Alarms({ clock, log: silentLogger() });
  const standing = new StandingAlarms({ clock, alarms });
  let load: QueueLoad = { queueId: SUPPORT, name: 'Support', open: true, waiting: 0, isAttended: true };
  let counts: Counts = noCounts();
  const watched = new QueueAlarms({
    clock,
    standing,
    termsOf: () => ({ ...DEFAULT_QUEUE_ALARMS, ...terms }),
    loads: () => [load],
    recent: () => counts,
  });
  return {
    clock,
    watched,
    alarms,
    /** The queue is so from now on, and is looked at. */
    is: (change: Partial<QueueLoad>, counted: Partial<Counts> = counts): string[] => {
      load = { ...load, ...change };
      counts = { ...noCounts(), ...counted };
      clock.advance(CHECK_EVERY_MS);
      return standing.list().map(({ key }) => key);
    },
    kinds: () => alarms.recent.map(({ kind }) => kind).reverse(),
  };
};

it('the longest wait: raised at the limit, over below four fifths of it', () => {
  const { clock, is, kinds } = watch({ longestWaitS: 100 });
  const waitsFor = (seconds: number): string[] =>
    is({ waiting: 1, oldestWaitingSinceMs: clock.nowMs() + CHECK_EVERY_MS - seconds * 1_000 });
  expect(waitsFor(99)).toEqual([]);
  expect(waitsFor(100)).toEqual(['queue-longest-wait/support']);
  expect(waitsFor(90)).toEqual(['queue-longest-wait/support']);
  expect(waitsFor(120)).toEqual(['queue-longest-wait/support']);
  expect(waitsFor(79)).toEqual([]);
  expect(kinds()).toEqual(['queue-wait-long', 'queue-wait-short']);
});

it('the length: raised once, however long it stays', () => {
  const { is, kinds, alarms } = watch({ length: 10 });
  for (const waiting of [9, 10, 15, 9, 8]) is({ waiting });
  expect(kinds()).toEqual(['queue-long']);
  expect(alarms.recent[0]).toMatchObject({
    severity: 'warning',
    details: { queue: 'Support', waiting: 10, limit: 10 },
  });
  expect(is({ waiting: 7 })).toEqual([]);
  expect(kinds()).toEqual(['queue-long', 'queue-not-long']);
});

it('the service level: nothing is said of few contacts, and it must be better by some points to be over', () => {
  const { is, kinds } = watch({ serviceLevelPercent: 80 });
  const level = (answeredInTarget: number, offered: number): string[] => is({}, { offered, answeredInTarget });
  expect(level(0, 9)).toEqual([]);
  expect(level(8, 10)).toEqual([]);
  expect(level(79, 100)).toEqual(['queue-service-level/support']);
  expect(level(84, 100)).toEqual(['queue-service-level/support']);
  expect(level(85, 100)).toEqual([]);
  expect(kinds()).toEqual(['queue-service-low', 'queue-service-kept']);
});

it.each([
  ['never', { open: true, waiting: 5 }, false],
  ['when-waiting', { open: true, waiting: 0 }, false],
  ['when-waiting', { open: false, waiting: 1 }, true],
  ['when-open', { open: true, waiting: 0 }, true],
  ['when-open', { open: false, waiting: 1 }, false],
] as const)('nobody signed in, alarm %s, %o: %s', (unattended, load, raised) => {
  const { is } = watch({ unattended });
  expect(is({ ...load, isAttended: false })).toEqual(raised ? ['queue-unattended/support'] : []);
  expect(is({ isAttended: true })).toEqual([]);
});

it('a limit of 0 is none, and ends what stands', () => {
  const terms = { length: 5 };
  const clock = new SimulatedClock();
  const standing = new StandingAlarms({ clock, alarms: new Alarms({ clock, log: silentLogger() }) });
  const watched = new QueueAlarms({
    clock,
    standing,
    termsOf: () => ({ ...DEFAULT_QUEUE_ALARMS, ...terms }),
    loads: () => [{ queueId: SUPPORT, name: 'Support', open: true, waiting: 7, isAttended: true }],
    recent: noCounts,
  });
  clock.advance(CHECK_EVERY_MS);
  expect(standing.has('queue-length/support')).toBe(true);
  terms.length = 0;
  clock.advance(CHECK_EVERY_MS);
  expect(standing.list()).toEqual([]);
  watched.close();
  watched.close();
  expect(clock.pendingTimers).toBe(0);
});
