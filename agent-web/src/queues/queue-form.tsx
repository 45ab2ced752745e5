/** Sets up a queue: a new one, or one that is there. What is wrong stands at its field. */
import { Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueSettingsView } from '../../../api/contract/queues';
import { aboutText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import type { ServerAbout } from '../settings/use-performing';
import { AcdForm } from './acd-form';
import type { FieldFault } from './acd-form';
import { NEW_QUEUE, bodyOf, draftOf, faultsOf, fieldOfPath } from './queue-draft';
import type { QueueDraft } from './queue-draft';
import { QueueFields } from './queue-fields';
import type { AcdData, AcdSettings } from './use-acd-settings';

interface QueueFormProps {
  /** Undefined for a new one. */
  readonly queue: QueueSettingsView | undefined;
  readonly settings: AcdSettings;
  readonly data: AcdData;
  readonly onClose: () => void;
}

export const QueueForm = ({ queue, settings, data, onClose }: QueueFormProps) => {
  const { t } = useTranslation();
  const [form] = Form.useForm<QueueDraft>();
  const [initial] = useState(() => (queue ? draftOf(queue) : NEW_QUEUE));
  const name = queue && localName(queue.name, queue.nameZh);

  const faults = (draft: QueueDraft): FieldFault[] => {
    const others = data.queues.map(({ id }) => id).filter((id) => id !== queue?.id);
    return Object.entries(faultsOf(draft, others)).map(([field, kind]) => ({
      path: [field],
      text: t(`queueSettings.fault.${kind}`),
    }));
  };

  const faultOfServer = (about: ServerAbout): FieldFault | undefined => {
    const path = fieldOfPath(about?.values['path'] ?? '');
    const text = aboutText(about, t);
    return path && text !== undefined ? { path, text } : undefined;
  };

  const save = async (draft: QueueDraft): Promise<string> => {
    await settings.save('queue-settings', draft.id, bodyOf(draft, queue));
    return localName(draft.name, draft.nameZh);
  };

  return (
    <AcdForm
      name="queue"
      width={820}
      title={name === undefined ? t('queueSettings.queue.new') : t('queueSettings.queue.edit', { name })}
      form={form}
      initial={initial}
      faultsOf={faults}
      faultOfServer={faultOfServer}
      save={save}
      removal={
        queue && {
          sure: t('queueSettings.queue.removeSure'),
          name: name ?? queue.id,
          remove: () => settings.remove('queue-settings', queue.id),
        }
      }
      onClose={onClose}
    >
      <QueueFields isNew={!queue} data={data} queueId={queue?.id} />
    </AcdForm>
  );
};
