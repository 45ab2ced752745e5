/** The hours of queues. */
import { EditOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarView } from '../../../api/contract/calendars';
import { localName } from '../i18n/local-name';
import type { Edited } from '../settings/edited';
import { AcdList } from './acd-list';
import { dayName } from './day-name';
import { spanText } from './calendar-draft';
import { CalendarForm } from './calendar-form';
import type { AcdData, AcdSettings } from './use-acd-settings';

const HEADINGS = ['name', 'zone', 'weekly', 'exceptions', 'queues'] as const;

interface CalendarListProps {
  readonly settings: AcdSettings;
  readonly data: AcdData;
}

export const CalendarList = ({ settings, data }: CalendarListProps) => {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Edited<CalendarView>>();
  return (
    <AcdList
      name="calendar"
      texts={{
        label: t('queueSettings.tab.calendars'),
        add: t('queueSettings.calendar.new'),
        headings: HEADINGS.map((heading) => t(`queueSettings.calendar.column.${heading}`)),
      }}
      onAdd={() => setEdited({ item: undefined })}
      rows={data.calendars.map((each) => (
        <CalendarRow key={each.id} calendar={each} data={data} onEdit={() => setEdited({ item: each })} />
      ))}
      empty={t('queueSettings.calendar.empty')}
    >
      {edited && (
        <CalendarForm
          key={edited.item?.id}
          calendar={edited.item}
          settings={settings}
          data={data}
          onClose={() => setEdited(undefined)}
        />
      )}
    </AcdList>
  );
};

interface RowProps {
  readonly calendar: CalendarView;
  readonly data: AcdData;
  readonly onEdit: () => void;
}

const CalendarRow = ({ calendar, data, onEdit }: RowProps) => {
  const { t } = useTranslation();
  const { id, timeZone, weekly, exceptions } = calendar;
  const name = localName(calendar.name, calendar.nameZh);
  const users = data.queues.filter(
    ({ calendarId, callbackCalendarId }) => calendarId === id || callbackCalendarId === id,
  );
  const edit = t('queueSettings.edit', { name });
  return (
    <tr data-testid="calendar-row" data-calendar={id}>
      <th scope="row">
        {name}
        <span className="queue-id">{id}</span>
      </th>
      <td>{timeZone}</td>
      <td>
        {weekly.map(({ days, ...span }, place) => (
          <div key={place}>
            {days.map((day) => dayName(day, t)).join(' ')} {spanText(span)}
          </div>
        ))}
        {weekly.length === 0 && t('queueSettings.calendar.closed')}
      </td>
      <td className="figures">
        {exceptions.length > 0 ? t('queueSettings.calendar.days', { count: exceptions.length }) : '–'}
      </td>
      <td>{users.map((queue) => localName(queue.name, queue.nameZh)).join(', ') || '–'}</td>
      <td className="queue-edit">
        <Button icon={<EditOutlined />} aria-label={edit} title={edit} onClick={onEdit} data-testid="calendar-edit" />
      </td>
    </tr>
  );
};
