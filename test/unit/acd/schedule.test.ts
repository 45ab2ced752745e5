/** What agents are to do when. */
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { plannedIn, schedulesOf } from '../../../acd/hours/schedule';
import type { Schedule } from '../../../acd/hours/schedule';

const ANN = asId<AgentId>('ann');
const BOB = asId<AgentId>('bob');
const at = (written: string): number => Date.parse(written);
const day = (date: string) => ({ fromMs: at(`${date}T00:00:00+08:00`), toMs: at(`${date}T24:00:00+08:00`) });

const early = { days: [1, 2, 3, 4, 5], from: '08:00', to: '16:00', activity: 'work' } as const;
const lunch = { days: [1, 2, 3, 4, 5], from: '12:00', to: '12:45', activity: 'lunch' } as const;
const schedule = (about: Partial<Schedule> = {}): Schedule => ({
  ...{ id: 'early', agents: [ANN], teams: [], timeZone: 'Asia/Shanghai' },
  ...{ weekly: [lunch, early], exceptions: [], ...about },
});

const told = (schedules: readonly Schedule[], stretch: { fromMs: number; toMs: number }): string[] =>
  plannedIn(schedules, stretch).map(
    ({ fromMs, toMs, activity }) =>
      [fromMs, toMs].map((atMs) => new Date(atMs + 8 * 3_600_000).toISOString().slice(5, 16)).join(' – ') +
      ` ${activity}`,
  );

describe('a schedule', () => {
  it('cuts breaks out of the work around them, in whatever order they are written', () => {
    const expected = [
      '11-23T08:00 – 11-23T12:00 work',
      '11-23T12:00 – 11-23T12:45 lunch',
      '11-23T12:45 – 11-23T16:00 work',
    ];
    expect(told([schedule()], day('2026-11-23'))).toEqual(expected);
    expect(told([schedule({ weekly: [early, lunch] })], day('2026-11-23'))).toEqual(expected);
  });

  it('has nothing on days without shifts, and what an exception says in the place of the weekly shifts', () => {
    const exceptions = [
      { date: '2026-11-24', hours: [] },
      { date: '2026-11-25', hours: [{ from: '09:00', to: '10:00', activity: 'training' as const }] },
    ];
    expect(told([schedule({ exceptions })], day('2026-11-22'))).toEqual([]);
    expect(told([schedule({ exceptions })], day('2026-11-24'))).toEqual([]);
    expect(told([schedule({ exceptions })], day('2026-11-25'))).toEqual(['11-25T09:00 – 11-25T10:00 training']);
  });

  it('goes on past midnight, and is cut to what is asked for', () => {
    const night = schedule({ weekly: [{ days: [1], from: '22:00', to: '06:00', activity: 'work' }] });
    const stretch = { fromMs: at('2026-11-24T01:00:00+08:00'), toMs: at('2026-11-24T05:00:00+08:00') };
    expect(told([night], stretch)).toEqual(['11-24T01:00 – 11-24T05:00 work']);
  });

  it('joins what touches, and of two breaks at once the later written counts', () => {
    const weekly = [
      { days: [1], from: '08:00', to: '10:00', activity: 'work' as const },
      { days: [1], from: '10:00', to: '12:00', activity: 'work' as const },
      { days: [1], from: '11:00', to: '12:00', activity: 'meeting' as const },
      { days: [1], from: '11:30', to: '11:45', activity: 'break' as const },
    ];
    expect(told([schedule({ weekly })], day('2026-11-23'))).toEqual([
      '11-23T08:00 – 11-23T11:00 work',
      '11-23T11:00 – 11-23T11:30 meeting',
      '11-23T11:30 – 11-23T11:45 break',
      '11-23T11:45 – 11-23T12:00 meeting',
    ]);
  });

  it('gives way on the dates of a better one, and holds again after it', () => {
    const usual = schedule();
    const december = schedule({
      ...{ id: 'december', firstDate: '2026-11-24', lastDate: '2026-11-24' },
      weekly: [{ days: [2, 3], from: '10:00', to: '11:00', activity: 'work' }],
    });
    const both = schedulesOf([usual, december], { agentId: ANN });
    expect(both.map(({ id }) => id)).toEqual(['december', 'early']);
    expect(told(both, day('2026-11-24'))).toEqual(['11-24T10:00 – 11-24T11:00 work']);
    expect(told(both, day('2026-11-25'))).toHaveLength(3);
  });
});

it('an agent has the own schedules before those of the teams, and none of others', () => {
  const own = schedule({ id: 'own' });
  const ofTeam = schedule({ id: 'team', agents: [], teams: ['day'], firstDate: '2026-01-01' });
  expect(schedulesOf([ofTeam, own], { agentId: ANN, teams: ['day'] }).map(({ id }) => id)).toEqual(['own', 'team']);
  expect(schedulesOf([ofTeam, own], { agentId: BOB, teams: ['day'] }).map(({ id }) => id)).toEqual(['team']);
  expect(schedulesOf([ofTeam, own], { agentId: BOB })).toEqual([]);
});

it('a quarter of many shifts is planned in no time that anybody notices', () => {
  const weekly = Array.from({ length: 24 }, (_, hour) => ({
    ...{ days: [1, 2, 3, 4, 5, 6, 7], activity: hour % 2 ? ('break' as const) : ('work' as const) },
    ...{ from: `${String(hour).padStart(2, '0')}:00`, to: `${String(hour).padStart(2, '0')}:30` },
  }));
  const { fromMs } = day('2026-01-01');
  expect(plannedIn([schedule({ weekly })], { fromMs, toMs: fromMs + 92 * 86_400_000 })).toHaveLength(92 * 24);
});
