/** The fields of hours: names, time zone, weekly hours, exceptions. */
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { DateFields, DaysField, NameFields, RowList } from './hours-form';

export const CalendarFields = ({ isNew }: { readonly isNew: boolean }) => (
  <>
    <div className="settings-grid">
      <NameFields kind="calendar" isNew={isNew} />
    </div>
    <Weekly />
    <Exceptions />
  </>
);

const Weekly = () => {
  const { t } = useTranslation();
  return (
    <RowList
      name="weekly"
      legend={t('queueSettings.calendar.field.weekly')}
      hint={t('queueSettings.calendar.fieldHint.weekly')}
      rowClass="calendar-weekly"
      addTestId="calendar-weekly-add"
      blank={{ days: [6], from: '09:00', to: '12:00' }}
    >
      {(row) => (
        <>
          <DaysField row={row} testId="calendar-days" />
          <Form.Item name={[row, 'from']}>
            <Input maxLength={5} aria-label={t('queueSettings.calendar.field.from')} data-testid="calendar-from" />
          </Form.Item>
          <Form.Item name={[row, 'to']}>
            <Input maxLength={5} aria-label={t('queueSettings.calendar.field.to')} data-testid="calendar-to" />
          </Form.Item>
        </>
      )}
    </RowList>
  );
};

const Exceptions = () => {
  const { t } = useTranslation();
  return (
    <RowList
      name="exceptions"
      legend={t('queueSettings.calendar.field.exceptions')}
      hint={t('queueSettings.calendar.fieldHint.exceptions')}
      rowClass="calendar-exception"
      addTestId="calendar-exception-add"
      blank={{ hours: '' }}
    >
      {(row) => (
        <>
          <DateFields row={row} testId="calendar-date" nameHint={t('queueSettings.calendar.holiday')} />
          <Form.Item name={[row, 'hours']}>
            <Input
              maxLength={120}
              placeholder={t('queueSettings.calendar.closed')}
              aria-label={t('queueSettings.calendar.field.hours')}
              data-testid="calendar-hours"
            />
          </Form.Item>
        </>
      )}
    </RowList>
  );
};
