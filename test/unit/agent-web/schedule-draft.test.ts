import { scheduleBodySchema } from '../../../api/contract/schedules';
import { bodyOf, draftOf, faultsOf, newSchedule } from '../../../agent-web/src/schedules/schedule-draft';
import type { ScheduleDraft } from '../../../agent-web/src/schedules/schedule-draft';

const draft = (about: Partial<ScheduleDraft> = {}): ScheduleDraft => ({
  ...newSchedule('Asia/Shanghai'),
  ...{ id: 'early', name: 'Early' },
  ...about,
});

it('a new schedule has a working week with lunch, and nothing wrong but that it has no names yet', () => {
  expect(faultsOf(newSchedule('Asia/Shanghai'), []).map(({ kind }) => kind)).toEqual(['id', 'name']);
  expect(faultsOf(draft(), [])).toEqual([]);
  expect(bodyOf(draft(), 3)).toMatchObject({ weekly: [{ activity: 'work' }, { activity: 'lunch' }], version: 3 });
});

it('rows of the same date become one exception, and a row without times a day off; and back again', () => {
  const rows = [
    { date: '2026-12-24', name: 'Eve', from: '9:00', to: '12:00', activity: 'work' as const },
    { date: '2026-12-25', activity: 'work' as const },
    { date: '2026-12-24', from: '10:00', to: '10:15', activity: 'break' as const },
  ];
  const { exceptions } = bodyOf(draft({ exceptions: rows }), undefined);
  expect(exceptions).toEqual([
    {
      date: '2026-12-24',
      name: 'Eve',
      hours: [
        { from: '09:00', to: '12:00', activity: 'work' },
        { from: '10:00', to: '10:15', activity: 'break' },
      ],
    },
    { date: '2026-12-25', hours: [] },
  ]);
  const body = bodyOf(draft({ exceptions: rows }), undefined);
  const again = draftOf({ ...scheduleBodySchema.parse(body), id: 'early' });
  expect(bodyOf(again, undefined)).toEqual(body);
  expect(again.exceptions).toHaveLength(3);
});

it.each([
  [{ id: 'No Id' }, [{ path: ['id'], kind: 'id' }]],
  [{ id: 'taken' }, [{ path: ['id'], kind: 'idTaken' }]],
  [{ firstDate: '2026-03-01', lastDate: '2026-02-01' }, [{ path: ['lastDate'], kind: 'lastBeforeFirst' }]],
  [
    { weekly: [{ days: [1], from: '25:00', to: '26:00' }] },
    [
      { path: ['weekly', 0, 'from'], kind: 'time' },
      { path: ['weekly', 0, 'to'], kind: 'time' },
    ],
  ],
  [{ weekly: [{ days: [], from: '08:00', to: '09:00' }] }, [{ path: ['weekly', 0, 'days'], kind: 'days' }]],
  [
    { exceptions: [{ date: '2026-12-24' }, { date: '2026-12-25', from: '08:00' }] },
    [{ path: ['exceptions', 1, 'to'], kind: 'time' }],
  ],
  [{ exceptions: [{ from: '08:00', to: '09:00' }] }, [{ path: ['exceptions', 0, 'date'], kind: 'date' }]],
])('%j: each fault stands at its field', (about, faults) => {
  expect(faultsOf(draft(about as Partial<ScheduleDraft>), ['taken'])).toEqual(faults);
});
