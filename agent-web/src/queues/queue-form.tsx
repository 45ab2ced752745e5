/** Sets up a queue: a new one, or one that is there. What is wrong stands at its field. */
import { App, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueSettingsView } from '../../../api/contract/queues';
import { aboutText, faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { SettingsDrawer } from '../settings/settings-drawer';
import { usePerforming } from '../settings/use-performing';
import { NEW_QUEUE, bodyOf, draftOf, faultsOf, fieldOfPath } from './queue-draft';
import type { QueueDraft } from './queue-draft';
import { QueueFields } from './queue-fields';
import type { AcdData, AcdSettings } from './use-acd-settings';

const FORM = 'queue';

interface QueueFormProps {
  /** Undefined for a new one. */
  readonly queue: QueueSettingsView | undefined;
  readonly settings: AcdSettings;
  readonly data: AcdData;
  readonly onClose: () => void;
}

type FieldPath = Parameters<ReturnType<typeof Form.useForm<QueueDraft>>[0]['setFields']>[0][number]['name'];

export const QueueForm = ({ queue, settings, data, onClose }: QueueFormProps) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<QueueDraft>();
  const [failed, setFailed] = useState<'notSaved' | 'notRemoved'>('notSaved');
  const [initial] = useState(() => (queue ? draftOf(queue) : NEW_QUEUE));

  const show = (path: readonly (string | number)[], text: string): void => {
    const name = [...path] as FieldPath;
    form.setFields([{ name, errors: [text] }]);
    form.scrollToField(name, { block: 'center', focus: true });
  };

  const { busy, failure, perform } = usePerforming((about) => {
    const path = fieldOfPath(about?.values['path'] ?? '');
    const text = aboutText(about, t);
    if (!path || text === undefined) return false;
    show(path, text);
    return true;
  });

  const save = async (): Promise<void> => {
    setFailed('notSaved');
    const draft = { ...initial, ...form.getFieldsValue(true) } as QueueDraft;
    const others = data.queues.map(({ id }) => id).filter((id) => id !== queue?.id);
    const faults = Object.entries(faultsOf(draft, others));
    for (const [field, kind] of faults) show([field], t(`queueSettings.fault.${kind}`));
    if (faults.length > 0) return;
    if (!(await perform(() => settings.save('queue-settings', draft.id, bodyOf(draft, queue))))) return;
    void message.success(t('queueSettings.saved', { name: localName(draft.name, draft.nameZh) }));
    onClose();
  };

  const remove = async (): Promise<void> => {
    setFailed('notRemoved');
    if (!queue || !(await perform(() => settings.remove('queue-settings', queue.id)))) return;
    void message.success(t('queueSettings.removed', { name: localName(queue.name, queue.nameZh) }));
    onClose();
  };

  return (
    <SettingsDrawer
      name="queue"
      formId={FORM}
      width={820}
      texts={{
        title: queue
          ? t('queueSettings.queue.edit', { name: localName(queue.name, queue.nameZh) })
          : t('queueSettings.queue.new'),
        save: t('queueSettings.save'),
        cancel: t('queueSettings.cancel'),
        remove: t('queueSettings.remove'),
        removeSure: t('queueSettings.queue.removeSure'),
        removeYes: t('queueSettings.remove'),
      }}
      busy={busy}
      failure={failure === undefined ? undefined : t(`queueSettings.${failed}`, { message: faultText(failure, t) })}
      onRemove={queue && remove}
      onClose={onClose}
    >
      <Form<QueueDraft>
        id={FORM}
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={() => void save()}
        disabled={busy}
      >
        <QueueFields isNew={!queue} data={data} queueId={queue?.id} />
      </Form>
    </SettingsDrawer>
  );
};
