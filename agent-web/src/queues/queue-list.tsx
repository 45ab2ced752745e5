/** The queues with what tells them apart. */
import { EditOutlined } from '@ant-design/icons';
import { Button, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueSettingsView } from '../../../api/contract/queues';
import { en } from '../i18n/en';
import { hasKey } from '../i18n/has-key';
import { localName } from '../i18n/local-name';
import type { Edited } from '../settings/edited';
import { AcdList } from './acd-list';
import { NEW_QUEUE } from './queue-draft';
import { QueueForm } from './queue-form';
import { nameIn, optionsOf } from './use-acd-settings';
import type { AcdData, AcdSettings } from './use-acd-settings';

const HEADINGS = ['name', 'skills', 'strategy', 'goal', 'hours', 'overflow'] as const;

interface RowProps {
  readonly queue: QueueSettingsView;
  readonly data: AcdData;
  readonly onEdit: () => void;
}

const Skills = ({ queue, data }: Pick<RowProps, 'queue' | 'data'>) => {
  const { t } = useTranslation();
  const options = optionsOf(data.skills);
  const wanted = Object.entries(queue.skills);
  return (
    <span className="queue-tags">
      {wanted.length === 0 && t('queueSettings.queue.anybody')}
      {wanted.map(([skill, level]) => (
        <Tag key={skill}>
          {nameIn(options, skill)} ≥ {level}
        </Tag>
      ))}
      {queue.rings && (
        <span className="queue-soft">{t('queueSettings.queue.rings', { count: queue.rings.length })}</span>
      )}
    </span>
  );
};

const QueueRow = ({ queue, data, onEdit }: RowProps) => {
  const { t } = useTranslation();
  const { strategy = NEW_QUEUE.strategy, serviceLevel, calendarId, overflow = [] } = queue;
  const name = localName(queue.name, queue.nameZh);
  const edit = t('queueSettings.edit', { name });
  return (
    <tr data-testid="queue-row" data-queue={queue.id}>
      <th scope="row">
        {name}
        <span className="queue-id">{queue.id}</span>
      </th>
      <td>
        <Skills queue={queue} data={data} />
      </td>
      <td>{hasKey(en.queueSettings.strategy, strategy) ? t(`queueSettings.strategy.${strategy}`) : strategy}</td>
      <td className="figures">
        {serviceLevel
          ? t('queueSettings.queue.goal', { percent: serviceLevel.percent, seconds: serviceLevel.targetMs / 1000 })
          : '–'}
      </td>
      <td>{calendarId === undefined ? t('queueSettings.always') : nameIn(optionsOf(data.calendars), calendarId)}</td>
      <td className="figures">
        {overflow.length > 0 ? t('queueSettings.queue.rules', { count: overflow.length }) : '–'}
      </td>
      <td className="queue-edit">
        <Button icon={<EditOutlined />} aria-label={edit} title={edit} onClick={onEdit} data-testid="queue-edit" />
      </td>
    </tr>
  );
};

interface QueueListProps {
  readonly settings: AcdSettings;
  readonly data: AcdData;
}

export const QueueList = ({ settings, data }: QueueListProps) => {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Edited<QueueSettingsView>>();
  return (
    <AcdList
      name="queue"
      texts={{
        label: t('queueSettings.tab.queues'),
        add: t('queueSettings.queue.new'),
        headings: HEADINGS.map((heading) => t(`queueSettings.queue.column.${heading}`)),
      }}
      onAdd={() => setEdited({ item: undefined })}
      rows={data.queues.map((each) => (
        <QueueRow key={each.id} queue={each} data={data} onEdit={() => setEdited({ item: each })} />
      ))}
    >
      {edited && (
        <QueueForm
          key={edited.item?.id}
          queue={edited.item}
          settings={settings}
          data={data}
          onClose={() => setEdited(undefined)}
        />
      )}
    </AcdList>
  );
};
