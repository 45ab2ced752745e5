/** What the forms of hours and of schedules share: their names and time zone, and lists of rows under a heading. */
import { Form, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName } from './day-name';
import { AddRow, RemoveRow } from './row-buttons';

const DAYS = [1, 2, 3, 4, 5, 6, 7];

const zones = (): { value: string; label: string }[] =>
  ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => ({ value: zone, label: zone }));

interface NameFieldsProps {
  /** Begins the fields' test ids. */
  readonly kind: 'calendar' | 'schedule';
  readonly isNew: boolean;
}

/** The fields `id`, `timeZone`, `name` and `nameZh`. */
export const NameFields = ({ kind, isNew }: NameFieldsProps) => {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="id" required label={t('queueSettings.field.id')} extra={t('queueSettings.idHint')}>
        <Input disabled={!isNew} maxLength={64} data-testid={`${kind}-id`} />
      </Form.Item>
      <Form.Item name="timeZone" required label={t('queueSettings.calendar.field.timeZone')}>
        <Select showSearch options={zones()} data-testid={`${kind}-timeZone`} />
      </Form.Item>
      <Form.Item name="name" required label={t('queueSettings.field.name')}>
        <Input maxLength={100} data-testid={`${kind}-name`} />
      </Form.Item>
      <Form.Item name="nameZh" label={t('queueSettings.field.nameZh')}>
        <Input maxLength={100} />
      </Form.Item>
    </>
  );
};

/** The days of a week on which a row holds. */
export const DaysField = ({ row, testId }: { readonly row: number; readonly testId: string }) => {
  const { t } = useTranslation();
  return (
    <Form.Item name={[row, 'days']}>
      <Select
        mode="multiple"
        aria-label={t('queueSettings.calendar.field.days')}
        options={DAYS.map((day) => ({ value: day, label: dayName(day, t) }))}
        data-testid={testId}
      />
    </Form.Item>
  );
};

interface DateFieldsProps {
  readonly row: number;
  readonly testId: string;
  /** What a date may be named after. */
  readonly nameHint: string;
}

/** The date on which a row holds, and its name. */
export const DateFields = ({ row, testId, nameHint }: DateFieldsProps) => {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name={[row, 'date']}>
        <Input type="date" aria-label={t('queueSettings.calendar.field.date')} data-testid={testId} />
      </Form.Item>
      <Form.Item name={[row, 'name']}>
        <Input maxLength={100} placeholder={nameHint} aria-label={nameHint} />
      </Form.Item>
    </>
  );
};

interface RowListProps {
  /** Of the list in the form. */
  readonly name: string;
  readonly legend: string;
  readonly hint: string;
  readonly rowClass: string;
  readonly addTestId: string;
  /** What a row that is added begins with. */
  readonly blank: object;
  /** @returns the fields of the row with this number. */
  readonly children: (row: number) => ReactNode;
}

export const RowList = ({ name, legend, hint, rowClass, addTestId, blank, children }: RowListProps) => (
  <fieldset className="settings-group">
    <legend>{legend}</legend>
    <p className="settings-hint">{hint}</p>
    <Form.List name={name}>
      {(fields, { add, remove }) => (
        <div className="queue-rows">
          {fields.map(({ key, name: row }) => (
            <div key={key} className={rowClass}>
              {children(row)}
              <RemoveRow onClick={() => remove(row)} />
            </div>
          ))}
          <AddRow testId={addTestId} onClick={() => add(blank)} />
        </div>
      )}
    </Form.List>
  </fieldset>
);
