/** Hours as the form has them: how they become what is sent, and what is wrong with them. Pure. */
import { calendarBodySchema } from '../../../api/contract/calendars';
import type { CalendarBody, CalendarView } from '../../../api/contract/calendars';
import { settingId } from '../../../api/contract/routing';

export interface WeeklyRow {
  readonly days?: readonly number[];
  readonly from?: string;
  readonly to?: string;
}

export interface ExceptionRow {
  readonly date?: string;
  readonly name?: string;
  /** Such as `09:00–12:00, 13:00–15:00`; empty for closed. */
  readonly hours?: string;
}

export interface CalendarDraft {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  readonly timeZone: string;
  readonly weekly: readonly WeeklyRow[];
  readonly exceptions: readonly ExceptionRow[];
}

export const newCalendar = (timeZone: string): CalendarDraft => ({
  ...{ id: '', name: '', nameZh: '', timeZone },
  weekly: [{ days: [1, 2, 3, 4, 5], from: '08:30', to: '18:00' }],
  exceptions: [],
});

type Span = CalendarBody['exceptions'][number]['hours'][number];

export const spanText = ({ from, to }: Span): string => `${from}–${to}`;

export const draftOf = ({ id, name, nameZh = '', timeZone, weekly, exceptions }: CalendarView): CalendarDraft => ({
  ...{ id, name, nameZh, timeZone, weekly },
  exceptions: exceptions.map(({ hours, ...day }) => ({ ...day, hours: hours.map(spanText).join(', ') })),
});

const spansOf = (text: string): Span[] =>
  text
    .split(/[,;，；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [from = '', to = ''] = part.split(/[-–—~至]/).map((time) => time.trim().replace('：', ':'));
      return { from: padded(from), to: padded(to) };
    });

/** `8:30` as people write it. */
export const padded = (time: string): string => (/^\d:/.test(time) ? `0${time}` : time);

export const bodyOf = (draft: CalendarDraft, version: number | undefined): CalendarBody => ({
  name: draft.name.trim(),
  nameZh: draft.nameZh.trim() || undefined,
  timeZone: draft.timeZone,
  weekly: draft.weekly.map(({ days = [], from = '', to = '' }) => ({
    days: [...days].sort(),
    from: padded(from),
    to: padded(to),
  })),
  exceptions: draft.exceptions.map(({ date = '', name, hours = '' }) => ({
    date,
    ...(name && { name }),
    hours: spansOf(hours),
  })),
  version,
});

export type CalendarFaultKind = 'id' | 'idTaken' | 'name' | 'time' | 'days' | 'date';

export interface CalendarFault {
  readonly path: readonly (string | number)[];
  readonly kind: CalendarFaultKind;
}

/** @param others ids of the other calendars. */
export const faultsOf = (draft: CalendarDraft, others: readonly string[]): CalendarFault[] => {
  const faults: CalendarFault[] = [];
  if (!settingId.safeParse(draft.id).success) faults.push({ path: ['id'], kind: 'id' });
  else if (others.includes(draft.id)) faults.push({ path: ['id'], kind: 'idTaken' });
  for (const { path } of calendarBodySchema.safeParse(bodyOf(draft, undefined)).error?.issues ?? []) {
    const fault = faultAt(path, draft);
    if (fault) faults.push(fault);
  }
  return faults;
};

const faultAt = (path: readonly PropertyKey[], draft: CalendarDraft): CalendarFault | undefined => {
  const [list, place, field] = path;
  if (list === 'name') return { path: ['name'], kind: 'name' };
  if (list === 'weekly' && typeof place === 'number')
    return field === 'days'
      ? { path: ['weekly', place, 'days'], kind: 'days' }
      : { path: ['weekly', place, field === 'to' ? 'to' : 'from'], kind: 'time' };
  if (list !== 'exceptions') return undefined;
  const row = typeof place === 'number' ? place : draft.exceptions.length - 1;
  return field === 'hours'
    ? { path: ['exceptions', row, 'hours'], kind: 'time' }
    : { path: ['exceptions', row, 'date'], kind: 'date' };
};
