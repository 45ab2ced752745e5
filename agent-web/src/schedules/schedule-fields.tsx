/** The fields of a schedule: names, whose it is, when it holds, weekly shifts, exceptions. */
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACTIVITIES } from '../../../api/contract/schedules';
import { DAYS, zones } from '../queues/calendar-fields';
import { dayName } from '../queues/day-name';
import { AddRow, RemoveRow } from '../queues/row-buttons';
import { agentOptions, optionsOf } from '../queues/use-acd-settings';
import type { AcdData } from '../queues/use-acd-settings';
import type { ScheduleDraft } from './schedule-draft';

interface ScheduleFieldsProps {
  readonly isNew: boolean;
  readonly data: AcdData;
}

export const ScheduleFields = ({ isNew, data }: ScheduleFieldsProps) => {
  const { t } = useTranslation();
  return (
    <>
      <div className="settings-grid">
        <Form.Item<ScheduleDraft>
          name="id"
          required
          label={t('queueSettings.field.id')}
          extra={t('queueSettings.idHint')}
        >
          <Input disabled={!isNew} maxLength={64} data-testid="schedule-id" />
        </Form.Item>
        <Form.Item<ScheduleDraft> name="timeZone" required label={t('queueSettings.calendar.field.timeZone')}>
          <Select showSearch options={zones()} data-testid="schedule-timeZone" />
        </Form.Item>
        <Form.Item<ScheduleDraft> name="name" required label={t('queueSettings.field.name')}>
          <Input maxLength={100} data-testid="schedule-name" />
        </Form.Item>
        <Form.Item<ScheduleDraft> name="nameZh" label={t('queueSettings.field.nameZh')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item<ScheduleDraft> name="teams" label={t('schedules.field.teams')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={optionsOf(data.teams)}
            data-testid="schedule-teams"
          />
        </Form.Item>
        <Form.Item<ScheduleDraft>
          name="agents"
          label={t('schedules.field.agents')}
          extra={t('schedules.fieldHint.agents')}
        >
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={agentOptions(data.agents)}
            data-testid="schedule-agents"
          />
        </Form.Item>
        <Form.Item<ScheduleDraft>
          name="firstDate"
          label={t('schedules.field.firstDate')}
          extra={t('schedules.fieldHint.firstDate')}
        >
          <Input type="date" data-testid="schedule-firstDate" />
        </Form.Item>
        <Form.Item<ScheduleDraft> name="lastDate" label={t('schedules.field.lastDate')}>
          <Input type="date" data-testid="schedule-lastDate" />
        </Form.Item>
      </div>
      <Weekly />
      <Exceptions />
    </>
  );
};

/** From, to, and what is to be done. */
const ShiftFields = ({ row }: { readonly row: number }) => {
  const { t } = useTranslation();
  const activities = ACTIVITIES.map((value) => ({ value, label: t(`schedules.activity.${value}`) }));
  return (
    <>
      <Form.Item name={[row, 'from']}>
        <Input maxLength={5} placeholder="09:00" aria-label={t('schedules.field.from')} data-testid="schedule-from" />
      </Form.Item>
      <Form.Item name={[row, 'to']}>
        <Input maxLength={5} placeholder="17:30" aria-label={t('schedules.field.to')} data-testid="schedule-to" />
      </Form.Item>
      <Form.Item name={[row, 'activity']}>
        <Select options={activities} aria-label={t('schedules.field.activity')} data-testid="schedule-activity" />
      </Form.Item>
    </>
  );
};

const Weekly = () => {
  const { t } = useTranslation();
  const days = DAYS.map((day) => ({ value: day, label: dayName(day, t) }));
  return (
    <fieldset className="settings-group">
      <legend>{t('schedules.field.weekly')}</legend>
      <p className="settings-hint">{t('schedules.fieldHint.weekly')}</p>
      <Form.List name="weekly">
        {(fields, { add, remove }) => (
          <div className="queue-rows">
            {fields.map(({ key, name }) => (
              <div key={key} className="schedule-weekly">
                <Form.Item name={[name, 'days']}>
                  <Select mode="multiple" options={days} data-testid="schedule-days" />
                </Form.Item>
                <ShiftFields row={name} />
                <RemoveRow onClick={() => remove(name)} />
              </div>
            ))}
            <AddRow
              testId="schedule-weekly-add"
              onClick={() => add({ days: [1, 2, 3, 4, 5], from: '', to: '', activity: 'break' })}
            />
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
      <legend>{t('schedules.field.exceptions')}</legend>
      <p className="settings-hint">{t('schedules.fieldHint.exceptions')}</p>
      <Form.List name="exceptions">
        {(fields, { add, remove }) => (
          <div className="queue-rows">
            {fields.map(({ key, name }) => (
              <div key={key} className="schedule-exception">
                <Form.Item name={[name, 'date']}>
                  <Input type="date" data-testid="schedule-date" />
                </Form.Item>
                <Form.Item name={[name, 'name']}>
                  <Input maxLength={100} placeholder={t('schedules.dayOff')} />
                </Form.Item>
                <ShiftFields row={name} />
                <RemoveRow onClick={() => remove(name)} />
              </div>
            ))}
            <AddRow testId="schedule-exception-add" onClick={() => add({ activity: 'work' })} />
          </div>
        )}
      </Form.List>
    </fieldset>
  );
};
