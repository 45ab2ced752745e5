/** The fields of hours: names, time zone, weekly hours, exceptions. */
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CalendarDraft } from './calendar-draft';
import { dayName } from './day-name';
import { AddRow, RemoveRow } from './row-buttons';

export const DAYS = [1, 2, 3, 4, 5, 6, 7];

export const zones = (): { value: string; label: string }[] =>
  ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => ({ value: zone, label: zone }));

export const CalendarFields = ({ isNew }: { readonly isNew: boolean }) => {
  const { t } = useTranslation();
  return (
    <>
      <div className="settings-grid">
        <Form.Item<CalendarDraft>
          name="id"
          required
          label={t('queueSettings.field.id')}
          extra={t('queueSettings.idHint')}
        >
          <Input disabled={!isNew} maxLength={64} data-testid="calendar-id" />
        </Form.Item>
        <Form.Item<CalendarDraft> name="timeZone" required label={t('queueSettings.calendar.field.timeZone')}>
          <Select showSearch options={zones()} data-testid="calendar-timeZone" />
        </Form.Item>
        <Form.Item<CalendarDraft> name="name" required label={t('queueSettings.field.name')}>
          <Input maxLength={100} data-testid="calendar-name" />
        </Form.Item>
        <Form.Item<CalendarDraft> name="nameZh" label={t('queueSettings.field.nameZh')}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <Weekly />
      <Exceptions />
    </>
  );
};

const Weekly = () => {
  const { t } = useTranslation();
  const days = DAYS.map((day) => ({ value: day, label: dayName(day, t) }));
  return (
    <fieldset className="settings-group">
      <legend>{t('queueSettings.calendar.field.weekly')}</legend>
      <p className="settings-hint">{t('queueSettings.calendar.fieldHint.weekly')}</p>
      <Form.List name="weekly">
        {(fields, { add, remove }) => (
          <div className="queue-rows">
            {fields.map(({ key, name }) => (
              <div key={key} className="calendar-weekly">
                <Form.Item name={[name, 'days']}>
                  <Select mode="multiple" options={days} data-testid="calendar-days" />
                </Form.Item>
                <Form.Item name={[name, 'from']}>
                  <Input
                    maxLength={5}
                    aria-label={t('queueSettings.calendar.field.from')}
                    data-testid="calendar-from"
                  />
                </Form.Item>
                <Form.Item name={[name, 'to']}>
                  <Input maxLength={5} aria-label={t('queueSettings.calendar.field.to')} data-testid="calendar-to" />
                </Form.Item>
                <RemoveRow onClick={() => remove(name)} />
              </div>
            ))}
            <AddRow testId="calendar-weekly-add" onClick={() => add({ days: [6], from: '09:00', to: '12:00' })} />
          </div>
        )}
      </Form.List>
    </fieldset>
  );
};

const Exceptions = () => {
  const { t } = useTranslation();
  return (
    <fieldset className="settings-group">
      <legend>{t('queueSettings.calendar.field.exceptions')}</legend>
      <p className="settings-hint">{t('queueSettings.calendar.fieldHint.exceptions')}</p>
      <Form.List name="exceptions">
        {(fields, { add, remove }) => (
          <div className="queue-rows">
            {fields.map(({ key, name }) => (
              <div key={key} className="calendar-exception">
                <Form.Item name={[name, 'date']}>
                  <Input type="date" data-testid="calendar-date" />
                </Form.Item>
                <Form.Item name={[name, 'name']}>
                  <Input maxLength={100} placeholder={t('queueSettings.calendar.holiday')} />
                </Form.Item>
                <Form.Item name={[name, 'hours']}>
                  <Input
                    maxLength={120}
                    placeholder={t('queueSettings.calendar.closed')}
                    data-testid="calendar-hours"
                  />
                </Form.Item>
                <RemoveRow onClick={() => remove(name)} />
              </div>
            ))}
            <AddRow testId="calendar-exception-add" onClick={() => add({ hours: '' })} />
          </div>
        )}
      </Form.List>
    </fieldset>
  );
};
