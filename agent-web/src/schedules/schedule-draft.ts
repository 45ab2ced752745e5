/** A schedule as the form has it: how it becomes what is sent, and what is wrong with it. Pure. */
import { settingId } from '../../../api/contract/routing';
import { scheduleBodySchema } from '../../../api/contract/schedules';
import type { Activity, ScheduleBody, ScheduleView } from '../../../api/contract/schedules';
import { padded } from '../queues/calendar-draft';

export interface ShiftRow {
  readonly days?: readonly number[];
  readonly from?: string;
  readonly to?: string;
  readonly activity?: Activity;
}

/** One shift of a date; without times a day off. Several rows may have the same date. */
export interface ExceptionRow extends Omit<ShiftRow, 'days'> {
  readonly date?: string;
  readonly name?: string;
}

export interface ScheduleDraft {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  readonly timeZone: string;
  readonly agents: readonly string[];
  readonly teams: readonly string[];
  /** `YYYY-MM-DD`, or empty. */
  readonly firstDate: string;
  readonly lastDate: string;
  readonly weekly: readonly ShiftRow[];
  readonly exceptions: readonly ExceptionRow[];
}

const WORKDAYS = [1, 2, 3, 4, 5];

export const newSchedule = (timeZone: string): ScheduleDraft => ({
  ...{ id: '', name: '', nameZh: '', timeZone, agents: [], teams: [], firstDate: '', lastDate: '', exceptions: [] },
  weekly: [
    { days: WORKDAYS, from: '09:00', to: '17:30', activity: 'work' },
    { days: WORKDAYS, from: '12:00', to: '12:30', activity: 'lunch' },
  ],
});

export const draftOf = (schedule: ScheduleView): ScheduleDraft => {
  const { id, name, nameZh = '', timeZone, agents, teams, firstDate = '', lastDate = '', weekly } = schedule;
  const exceptions = schedule.exceptions.flatMap(({ hours, ...day }): ExceptionRow[] =>
    hours.length === 0 ? [day] : hours.map((shift) => ({ ...day, ...shift })),
  );
  return { id, name, nameZh, timeZone, agents, teams, firstDate, lastDate, weekly, exceptions };
};

const isDayOff = ({ from, to }: ExceptionRow): boolean => !from && !to;

/** The rows of each date, by their places in the draft. */
const byDate = (rows: readonly ExceptionRow[]): number[][] => {
  const groups = new Map<string, number[]>();
  rows.forEach(({ date = '' }, place) => groups.set(date, [...(groups.get(date) ?? []), place]));
  return [...groups.values()];
};

const shiftOf = ({ from = '', to = '', activity = 'work' }: Omit<ShiftRow, 'days'>) => ({
  ...{ from: padded(from), to: padded(to), activity },
});

export const bodyOf = (draft: ScheduleDraft, version: number | undefined): ScheduleBody => ({
  name: draft.name.trim(),
  nameZh: draft.nameZh.trim() || undefined,
  timeZone: draft.timeZone,
  agents: [...draft.agents],
  teams: [...draft.teams],
  firstDate: draft.firstDate || undefined,
  lastDate: draft.lastDate || undefined,
  weekly: draft.weekly.map(({ days = [], ...row }) => ({ days: [...days].sort(), ...shiftOf(row) })),
  exceptions: byDate(draft.exceptions).map((places) => {
    const rows = places.flatMap((place) => draft.exceptions[place] ?? []);
    const name = rows.find((row) => row.name)?.name;
    return {
      date: rows[0]?.date ?? '',
      ...(name && { name }),
      hours: rows.filter((row) => !isDayOff(row)).map(shiftOf),
    };
  }),
  version,
});

export type ScheduleFaultKind = 'id' | 'idTaken' | 'name' | 'time' | 'days' | 'date' | 'lastBeforeFirst';

export interface ScheduleFault {
  readonly path: readonly (string | number)[];
  readonly kind: ScheduleFaultKind;
}

/** @param others ids of the other schedules. */
export const faultsOf = (draft: ScheduleDraft, others: readonly string[]): ScheduleFault[] => {
  const faults: ScheduleFault[] = [];
  if (!settingId.safeParse(draft.id).success) faults.push({ path: ['id'], kind: 'id' });
  else if (others.includes(draft.id)) faults.push({ path: ['id'], kind: 'idTaken' });
  for (const { path } of scheduleBodySchema.safeParse(bodyOf(draft, undefined)).error?.issues ?? []) {
    const fault = faultAt(path, draft);
    if (fault) faults.push(fault);
  }
  return faults;
};

const faultAt = ([list, place, ...rest]: readonly PropertyKey[], draft: ScheduleDraft): ScheduleFault | undefined => {
  if (list === 'name') return { path: ['name'], kind: 'name' };
  if (list === 'firstDate') return { path: ['firstDate'], kind: 'date' };
  if (list === 'lastDate') return { path: ['lastDate'], kind: draft.firstDate ? 'lastBeforeFirst' : 'date' };
  if (typeof place !== 'number') return undefined;
  if (list === 'weekly') return rowFault('weekly', place, rest[0]);
  if (list !== 'exceptions') return undefined;
  const rows = byDate(draft.exceptions)[place] ?? [];
  if (rest[0] !== 'hours') return { path: ['exceptions', rows[0] ?? 0, 'date'], kind: 'date' };
  const worked = rows.filter((row) => !isDayOff(draft.exceptions[row] ?? {}));
  return rowFault('exceptions', worked[Number(rest[1])] ?? rows[0] ?? 0, rest[2]);
};

const rowFault = (list: string, row: number, field: PropertyKey | undefined): ScheduleFault =>
  field === 'days'
    ? { path: [list, row, 'days'], kind: 'days' }
    : { path: [list, row, field === 'to' ? 'to' : 'from'], kind: 'time' };
