/** From when on queues are an alarm. */
import { EditOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queueAlarmBodySchema } from '../../../api/contract/watch';
import type { QueueAlarmView } from '../../../api/contract/watch';
import { readQueueAlarms, removeQueueAlarm, saveQueueAlarm } from '../api/watch';
import { useDeskState } from '../desk/desk-context';
import { useQueueNames } from '../desk/use-queue-names';
import { localName } from '../i18n/local-name';
import { NoticeForm } from './notice-form';
import { Section } from './section';

export const QUEUE_ALARMS_KEY = 'queue-alarms';

const LIMITS = ['longestWaitS', 'length', 'serviceLevelPercent', 'serviceLevelMinutes'] as const;
const UNATTENDED = ['never', 'when-waiting', 'when-open'] as const;

const NEW: QueueAlarmView = { id: '', ...queueAlarmBodySchema.parse({}) };

const AlarmForm = ({ alarm, onClose }: { readonly alarm: QueueAlarmView; readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const { queues } = useDeskState();
  return (
    <NoticeForm<QueueAlarmView>
      name="queue-alarm"
      queryKey={QUEUE_ALARMS_KEY}
      initial={alarm}
      title={alarm.id === '' ? t('queueAlarms.new') : t('notices.edit', { id: alarm.id })}
      save={({ id, ...body }) => saveQueueAlarm(id, body)}
      remove={removeQueueAlarm}
      onClose={onClose}
    >
      <Form.Item
        name="queues"
        label={t('queueAlarms.queues')}
        extra={t('queueAlarms.queuesHint')}
        className="settings-wide"
      >
        <Select
          mode="multiple"
          options={queues.map(({ queueId, name, nameZh }) => ({ value: queueId, label: localName(name, nameZh) }))}
          data-testid="queue-alarm-queues"
        />
      </Form.Item>
      {LIMITS.map((limit) => (
        <Form.Item
          key={limit}
          name={limit}
          label={t(`queueAlarms.${limit}`)}
          extra={limit !== 'serviceLevelMinutes' && t('queueAlarms.zero')}
        >
          <InputNumber
            min={limit === 'serviceLevelMinutes' ? 5 : 0}
            max={limit === 'serviceLevelMinutes' ? 60 : limit === 'serviceLevelPercent' ? 100 : 86_400}
            precision={0}
            data-testid={`queue-alarm-${limit}`}
          />
        </Form.Item>
      ))}
      <Form.Item name="unattended" label={t('queueAlarms.unattended')} className="settings-wide">
        <Select options={UNATTENDED.map((value) => ({ value, label: t(`queueAlarms.unattendedWhen.${value}`) }))} />
      </Form.Item>
      <Form.Item name="id" label={t('notices.id')} hidden={alarm.id !== ''} extra={t('notices.idHint')}>
        <Input data-testid="queue-alarm-id" />
      </Form.Item>
    </NoticeForm>
  );
};

export const QueueAlarmsSection = () => {
  const { t } = useTranslation();
  const nameOfQueue = useQueueNames();
  const nameOf = (queueId: string): string => nameOfQueue(queueId) ?? queueId;
  const [edited, setEdited] = useState<QueueAlarmView>();
  const { data, error } = useQuery({ queryKey: [QUEUE_ALARMS_KEY], queryFn: readQueueAlarms });
  const hasDefault = data?.some(({ queues }) => queues.length === 0);
  const rows = [...(data ?? []), ...(data && !hasDefault ? [NEW] : [])].map((alarm) => ({
    alarm,
    named: alarm.queues.length === 0 ? t('queueAlarms.byDefault') : alarm.queues.map(nameOf).join(', '),
  }));
  return (
    <Section
      name="queue-alarm"
      title={t('queueAlarms.title')}
      add={t('queueAlarms.new')}
      error={error}
      loading={!data}
      onAdd={() => setEdited(NEW)}
    >
      <table className="notices-table">
        <thead>
          <tr>
            <th scope="col">{t('queueAlarms.queues')}</th>
            {LIMITS.map((limit) => (
              <th key={limit} scope="col">
                {t(`queueAlarms.${limit}`)}
              </th>
            ))}
            <th scope="col">{t('queueAlarms.unattended')}</th>
            <th scope="col" aria-label={t('notices.actions')} />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ alarm, named }) => (
            <tr key={alarm.id} data-testid="queue-alarm-row" data-id={alarm.id}>
              <td>{named}</td>
              {LIMITS.map((limit) => (
                <td key={limit} className="figures">
                  {alarm[limit] === 0 ? '–' : alarm[limit]}
                </td>
              ))}
              <td>{t(`queueAlarms.unattendedWhen.${alarm.unattended}`)}</td>
              <td className="notices-actions">
                <Button
                  size="small"
                  icon={<EditOutlined />}
                  aria-label={t('notices.edit', { id: named })}
                  title={t('notices.edit', { id: named })}
                  onClick={() => setEdited(alarm)}
                  data-testid="queue-alarm-edit"
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {edited && <AlarmForm key={edited.id} alarm={edited} onClose={() => setEdited(undefined)} />}
    </Section>
  );
};
