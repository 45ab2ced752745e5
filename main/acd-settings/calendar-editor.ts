/** The hours of queues, changed while the product runs: queues open and close at once where that follows. */
import { ok } from '../../base/result';
import type { SettingsEditor } from '../../api/ports';
import type { CalendarBody } from '../../api/contract/calendars';
import type { Store } from '../../store/connect';
import type { AcdModel } from './acd-model';
import { changedMeanwhile, unlessUsed } from './faults';
import type { Use } from './faults';

export interface CalendarEditorDeps {
  readonly store: Pick<Store, 'calendars'>;
  readonly model: AcdModel;
  readonly onChanged: () => void;
}

export const calendarEditor = ({ store, model, onChanged }: CalendarEditorDeps): SettingsEditor<CalendarBody> => ({
  list: () => Promise.resolve(model.calendars().map(({ _id, ...value }) => ({ id: _id, value }))),
  put: async (id, body) => {
    const present = model.calendar(id)?.version ?? 0;
    if (body.version !== undefined && body.version !== present) return changedMeanwhile(`The calendar ${id}`);
    const calendar = { ...body, _id: id, version: present + 1 };
    await store.calendars.save(calendar);
    model.setCalendar(calendar);
    onChanged();
    return ok(undefined);
  },
  mayRemove: (id) => unlessUsed('calendar', id, usesOf(model, id)),
  remove: async (id) => {
    const removed = await store.calendars.remove(id);
    model.removeCalendar(id);
    return removed;
  },
});

const usesOf = (model: AcdModel, id: string): Use[] =>
  model
    .queues()
    .filter(({ calendarId, callbackCalendarId }) => calendarId === id || callbackCalendarId === id)
    .map(({ _id }) => ({ kind: 'queue', id: _id }));
