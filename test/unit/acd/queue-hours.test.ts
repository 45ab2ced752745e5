import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { QueueId } from '../../../base/ids';
import { isOpenAt, nextBoundaryMs, periodsAhead } from '../../../acd/hours/calendar';
import type { CallbackHours } from '../../../acd/core/model';
import type { Calendar } from '../../../acd/hours/calendar';
import { QueueHours } from '../../../acd/hours/queue-hours';
import { isTimeZone } from '../../../acd/hours/time-zone';

const at = (written: string): number => Date.parse(written);
const HOUR_MS = 3_600_000;
const workdays = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' };
const shanghai: Calendar = { timeZone: 'Asia/Shanghai', weekly: [workdays], exceptions: [] };

describe('a calendar', () => {
  it('is open in its weekly hours, from the first minute to before the last, on the wall clock of its zone', () => {
    expect(isOpenAt(shanghai, at('2026-11-23T07:59:59+08:00'))).toBe(false);
    expect(isOpenAt(shanghai, at('2026-11-23T08:00:00+08:00'))).toBe(true);
    expect(isOpenAt(shanghai, at('2026-11-23T17:59:59.999+08:00'))).toBe(true);
    expect(isOpenAt(shanghai, at('2026-11-23T18:00:00+08:00'))).toBe(false);
    expect(isOpenAt(shanghai, at('2026-11-22T10:00:00+08:00'))).toBe(false);
  });

  it('has exceptions in the place of the weekly hours of their dates', () => {
    const exceptions = [
      { date: '2026-12-25', hours: [] },
      { date: '2026-12-26', hours: [{ from: '10:00', to: '12:00' }] },
    ];
    const calendar = { ...shanghai, exceptions };
    expect(isOpenAt(calendar, at('2026-12-24T10:00:00+08:00'))).toBe(true);
    expect(isOpenAt(calendar, at('2026-12-25T10:00:00+08:00'))).toBe(false);
    expect(isOpenAt(calendar, at('2026-12-26T10:00:00+08:00'))).toBe(true);
    expect(isOpenAt(calendar, at('2026-12-26T12:00:00+08:00'))).toBe(false);
  });

  it('goes on past midnight, also from the day before', () => {
    const night: Calendar = {
      timeZone: 'Europe/Berlin',
      weekly: [{ days: [5], from: '22:00', to: '06:00' }],
      exceptions: [],
    };
    expect(isOpenAt(night, at('2026-11-28T05:59:00+01:00'))).toBe(true);
    expect(isOpenAt(night, at('2026-11-28T06:00:00+01:00'))).toBe(false);
    expect(isOpenAt(night, at('2026-11-28T22:30:00+01:00'))).toBe(false);
    const always: Calendar = {
      timeZone: 'UTC',
      weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
      exceptions: [],
    };
    for (let hour = 0; hour < 200; hour += 1)
      expect(isOpenAt(always, at('2026-11-23T00:00:00Z') + hour * HOUR_MS)).toBe(true);
  });

  it('follows daylight saving time: hours stay where they are on the wall clock', () => {
    const berlin: Calendar = { ...shanghai, timeZone: 'Europe/Berlin' };
    // Clocks go back in the night of 25 October 2026, and forward in that of 29 March.
    expect(nextBoundaryMs(berlin, at('2026-10-23T19:00:00+02:00'))).toBe(at('2026-10-26T08:00:00+01:00'));
    expect(nextBoundaryMs(berlin, at('2026-03-27T19:00:00+01:00'))).toBe(at('2026-03-30T08:00:00+02:00'));
  });

  it('takes a time that is there twice as the first, and one that is skipped as much later', () => {
    const early = (date: string): Calendar => ({
      timeZone: 'Europe/Berlin',
      weekly: [],
      exceptions: [{ date, hours: [{ from: '02:30', to: '05:00' }] }],
    });
    expect(nextBoundaryMs(early('2026-10-25'), at('2026-10-25T00:00:00+02:00'))).toBe(at('2026-10-25T02:30:00+02:00'));
    expect(nextBoundaryMs(early('2026-03-29'), at('2026-03-29T00:00:00+01:00'))).toBe(at('2026-03-29T03:30:00+02:00'));
  });

  it('are periods of absolute time, right over the change to summer time; what touches is one period', () => {
    const daily = (from: string, to: string): Calendar => ({
      timeZone: 'Europe/Berlin',
      weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from, to }],
      exceptions: [],
    });
    const day = periodsAhead(daily('08:00', '21:00'), at('2026-03-28T22:00:00+01:00'));
    expect(day[0]).toEqual([at('2026-03-29T08:00:00+02:00'), at('2026-03-29T21:00:00+02:00')]);
    const evening = periodsAhead(daily('22:00', '04:00'), at('2026-10-24T23:00:00+02:00'));
    expect(evening[0]).toEqual([at('2026-10-24T22:00:00+02:00'), at('2026-10-25T04:00:00+01:00')]);
    expect(periodsAhead(daily('00:00', '24:00'), at('2026-03-28T22:00:00+01:00'))).toHaveLength(1);
    const overlapping = { ...daily('08:00', '12:00'), weekly: [...daily('08:00', '12:00').weekly] };
    overlapping.weekly.push({ days: [1, 2, 3, 4, 5, 6, 7], from: '11:00', to: '13:00' });
    expect(periodsAhead(overlapping, at('2026-11-23T00:00:00+01:00'))[0]).toEqual([
      at('2026-11-23T08:00:00+01:00'),
      at('2026-11-23T13:00:00+01:00'),
    ]);
  });

  it('knows the zones of the world, and no others', () => {
    expect(['Asia/Shanghai', 'Europe/Berlin', 'UTC', 'America/St_Johns'].map(isTimeZone)).toEqual(Array(4).fill(true));
    expect(['', 'Mars/Olympus', 'GMT+99'].map(isTimeZone)).toEqual([false, false, false]);
  });
});

describe('the hours of queues', () => {
  const [support, sales] = ['support', 'sales'].map((id) => asId<QueueId>(id)) as [QueueId, QueueId];

  const world = (calendarOfSupport: Calendar | undefined, callbackCalendar?: Calendar) => {
    const clock = new SimulatedClock(at('2026-11-23T07:00:00+08:00'));
    const open = new Map([support, sales].map((id) => [id, true]));
    const callbackHours = new Map<QueueId, CallbackHours | undefined>();
    const told: string[] = [];
    let calendar = calendarOfSupport;
    const hours = new QueueHours({
      clock,
      queues: () => [
        { queueId: support, calendar, callbackCalendar },
        { queueId: sales, calendar: undefined, callbackCalendar: undefined },
      ],
      known: (id) => ({ open: open.get(id) === true, callbackHours: callbackHours.get(id) }),
      dispatch: (event) => {
        const { type, queueId } = event;
        if (event.type === 'callback-hours-set') callbackHours.set(queueId, event.hours);
        else open.set(queueId, type === 'queue-opened');
        told.push(`${new Date(clock.nowMs()).toISOString().slice(8, 16)} ${type} ${queueId}`);
      },
    });
    return { clock, hours, told, callbackHours, change: (next: Calendar | undefined) => (calendar = next) };
  };

  it('are told to the minute, for as long as it takes', () => {
    const { clock, hours, told } = world(shanghai);
    hours.review();
    clock.advance(5 * 24 * HOUR_MS);
    expect(told.slice(0, 3)).toEqual([
      '22T23:00 queue-closed support',
      '23T00:00 queue-opened support',
      '23T10:00 queue-closed support',
    ]);
    expect(told).toHaveLength(11);
    hours.close();
    hours.close();
    expect(clock.pendingTimers).toBe(0);
    hours.review();
    expect(clock.pendingTimers).toBe(0);
  });

  it('say for a week ahead when customers may be called back, anew when a day has come and not each minute', () => {
    const { clock, hours, told, callbackHours } = world(undefined, shanghai);
    hours.review();
    expect(told).toEqual(['22T23:00 callback-hours-set support']);
    expect(callbackHours.get(support)?.[0]).toEqual([at('2026-11-23T08:00:00+08:00'), at('2026-11-23T18:00:00+08:00')]);
    clock.advance(7 * 24 * HOUR_MS);
    expect(told.length).toBeLessThanOrEqual(9);
    const last = callbackHours.get(support)?.at(-1);
    expect(last?.[1]).toBeGreaterThan(clock.nowMs() + 5 * 24 * HOUR_MS);
    hours.close();
  });

  it('open a queue whose calendar is taken away, at once', () => {
    const { hours, told, change } = world(shanghai);
    hours.review();
    change(undefined);
    hours.review();
    expect(told.at(-1)).toBe('22T23:00 queue-opened support');
    hours.close();
  });
});
