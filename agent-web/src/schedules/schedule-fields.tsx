/** The fields of a schedule: names, whose it is, when it holds, weekly shifts, exceptions. */
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACTIVITIES } from '../../../api/contract/schedules';
import { DateFields, DaysField, NameFields, RowList } from '../queues/hours-form';
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
        <NameFields kind="schedule" isNew={isNew} />
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
  return (
    <RowList
      name="weekly"
      legend={t('schedules.field.weekly')}
      hint={t('schedules.fieldHint.weekly')}
      rowClass="schedule-weekly"
      addTestId="schedule-weekly-add"
      blank={{ days: [1, 2, 3, 4, 5], from: '', to: '', activity: 'break' }}
    >
      {(row) => (
        <>
          <DaysField row={row} testId="schedule-days" />
          <ShiftFields row={row} />
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
      legend={t('schedules.field.exceptions')}
      hint={t('schedules.fieldHint.exceptions')}
      rowClass="schedule-exception"
      addTestId="schedule-exception-add"
      blank={{ activity: 'work' }}
    >
      {(row) => (
        <>
          <DateFields row={row} testId="schedule-date" nameHint={t('schedules.dayOff')} />
          <ShiftFields row={row} />
        </>
      )}
    </RowList>
  );
};
