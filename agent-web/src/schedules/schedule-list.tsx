/** When agents are to work. */
import { EditOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScheduleView } from '../../../api/contract/schedules';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { AcdList } from '../queues/acd-list';
import { spanText } from '../queues/calendar-draft';
import { dayName } from '../queues/day-name';
import { agentOptions, nameIn, optionsOf } from '../queues/use-acd-settings';
import type { AcdData } from '../queues/use-acd-settings';
import type { Edited } from '../settings/edited';
import { ScheduleForm } from './schedule-form';
import { useSchedules } from './use-schedules';
import './schedules.css';

const HEADINGS = ['name', 'whose', 'zone', 'weekly', 'period'] as const;

export const ScheduleList = ({ data }: { readonly data: AcdData }) => {
  const { t } = useTranslation();
  const { data: schedules, error } = useSchedules();
  const [edited, setEdited] = useState<Edited<ScheduleView>>();
  const failure = error && (
    <Alert type="error" showIcon title={t('queueSettings.notRead', { message: faultText(error, t) })} />
  );
  if (!schedules) return failure ?? <p className="queues-empty">{t('app.loading')}</p>;
  return (
    <>
      {failure}
      <AcdList
        name="schedule"
        texts={{
          label: t('queueSettings.tab.schedules'),
          add: t('schedules.new'),
          headings: HEADINGS.map((heading) => t(`schedules.column.${heading}`)),
        }}
        onAdd={() => setEdited({ item: undefined })}
        rows={schedules.map((each) => (
          <ScheduleRow key={each.id} schedule={each} data={data} onEdit={() => setEdited({ item: each })} />
        ))}
        empty={t('schedules.empty')}
      >
        {edited && (
          <ScheduleForm
            key={edited.item?.id}
            schedule={edited.item}
            schedules={schedules}
            data={data}
            onClose={() => setEdited(undefined)}
          />
        )}
      </AcdList>
    </>
  );
};

interface RowProps {
  readonly schedule: ScheduleView;
  readonly data: AcdData;
  readonly onEdit: () => void;
}

const ScheduleRow = ({ schedule, data, onEdit }: RowProps) => {
  const { t } = useTranslation();
  const { id, timeZone, weekly, agents, teams, firstDate: first, lastDate: last } = schedule;
  const name = localName(schedule.name, schedule.nameZh);
  const whose = [
    ...teams.map((team) => nameIn(optionsOf(data.teams), team)),
    ...agents.map((agent) => nameIn(agentOptions(data.agents), agent)),
  ];
  const edit = t('queueSettings.edit', { name });
  const period =
    first && last
      ? t('schedules.between', { first, last })
      : first
        ? t('schedules.since', { first })
        : last
          ? t('schedules.until', { last })
          : t('schedules.always');
  return (
    <tr data-testid="schedule-row" data-schedule={id}>
      <th scope="row">
        {name}
        <span className="queue-id">{id}</span>
      </th>
      <td>{whose.join(', ') || <span className="queue-soft">{t('schedules.nobody')}</span>}</td>
      <td>{timeZone}</td>
      <td>
        {weekly.map(({ days, activity, ...span }, place) => (
          <div key={place}>
            {days.map((day) => dayName(day, t)).join(' ')} {spanText(span)} {t(`schedules.activity.${activity}`)}
          </div>
        ))}
        {weekly.length === 0 && '–'}
      </td>
      <td>{period}</td>
      <td className="queue-edit">
        <Button icon={<EditOutlined />} aria-label={edit} title={edit} onClick={onEdit} data-testid="schedule-edit" />
      </td>
    </tr>
  );
};
