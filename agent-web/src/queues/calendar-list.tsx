/** The hours of queues. */
import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarView } from '../../../api/contract/calendars';
import { localName } from '../i18n/local-name';
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
  /** The id of the calendar in the form; empty for a new one. */
  const [edited, setEdited] = useState<string>();
  const calendar = data.calendars.find(({ id }) => id === edited);
  return (
    <section className="queues panel" aria-label={t('queueSettings.tab.calendars')}>
      <div className="queues-bar">
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('')} data-testid="calendar-new">
          {t('queueSettings.calendar.new')}
        </Button>
      </div>
      <table className="list-table queues-table">
        <thead>
          <tr>
            {HEADINGS.map((heading) => (
              <th key={heading} scope="col">
                {t(`queueSettings.calendar.column.${heading}`)}
              </th>
            ))}
            <th aria-hidden="true" />
          </tr>
        </thead>
        <tbody>
          {data.calendars.map((each) => (
            <CalendarRow key={each.id} calendar={each} data={data} onEdit={() => setEdited(each.id)} />
          ))}
        </tbody>
      </table>
      {data.calendars.length === 0 && <p className="queues-empty">{t('queueSettings.calendar.empty')}</p>}
      {(edited === '' || calendar) && (
        <CalendarForm
          key={edited}
          calendar={calendar}
          settings={settings}
          data={data}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
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
  const users = data.queues.filter(({ calendarId }) => calendarId === id);
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
