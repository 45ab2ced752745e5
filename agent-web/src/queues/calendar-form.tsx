/** Sets up hours: new ones, or some that are there. */
import { App, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarView } from '../../../api/contract/calendars';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { SettingsDrawer } from '../settings/settings-drawer';
import { usePerforming } from '../settings/use-performing';
import { bodyOf, draftOf, faultsOf, newCalendar } from './calendar-draft';
import type { CalendarDraft } from './calendar-draft';
import { CalendarFields } from './calendar-fields';
import type { AcdData, AcdSettings } from './use-acd-settings';

const FORM = 'calendar';

interface CalendarFormProps {
  /** Undefined for new ones. */
  readonly calendar: CalendarView | undefined;
  readonly settings: AcdSettings;
  readonly data: AcdData;
  readonly onClose: () => void;
}

type FieldPath = Parameters<ReturnType<typeof Form.useForm<CalendarDraft>>[0]['setFields']>[0][number]['name'];

export const CalendarForm = ({ calendar, settings, data, onClose }: CalendarFormProps) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<CalendarDraft>();
  const [failed, setFailed] = useState<'notSaved' | 'notRemoved'>('notSaved');
  const [initial] = useState(() =>
    calendar ? draftOf(calendar) : newCalendar(Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const { busy, failure, perform } = usePerforming(() => false);

  const save = async (): Promise<void> => {
    setFailed('notSaved');
    const draft = { ...initial, ...form.getFieldsValue(true) } as CalendarDraft;
    const others = data.calendars.map(({ id }) => id).filter((id) => id !== calendar?.id);
    const faults = faultsOf(draft, others);
    form.setFields(
      faults.map(({ path, kind }) => ({ name: [...path] as FieldPath, errors: [t(`queueSettings.fault.${kind}`)] })),
    );
    if (faults.length > 0) return;
    if (!(await perform(() => settings.save('calendars', draft.id, bodyOf(draft, calendar?.version))))) return;
    void message.success(t('queueSettings.saved', { name: localName(draft.name, draft.nameZh) }));
    onClose();
  };

  const remove = async (): Promise<void> => {
    setFailed('notRemoved');
    if (!calendar || !(await perform(() => settings.remove('calendars', calendar.id)))) return;
    void message.success(t('queueSettings.removed', { name: localName(calendar.name, calendar.nameZh) }));
    onClose();
  };

  return (
    <SettingsDrawer
      name="calendar"
      formId={FORM}
      width={720}
      texts={{
        title: calendar
          ? t('queueSettings.calendar.edit', { name: localName(calendar.name, calendar.nameZh) })
          : t('queueSettings.calendar.new'),
        save: t('queueSettings.save'),
        cancel: t('queueSettings.cancel'),
        remove: t('queueSettings.remove'),
        removeSure: t('queueSettings.calendar.removeSure'),
        removeYes: t('queueSettings.remove'),
      }}
      busy={busy}
      failure={failure === undefined ? undefined : t(`queueSettings.${failed}`, { message: faultText(failure, t) })}
      onRemove={calendar && remove}
      onClose={onClose}
    >
      <Form<CalendarDraft>
        id={FORM}
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={() => void save()}
        disabled={busy}
      >
        <CalendarFields isNew={!calendar} />
      </Form>
    </SettingsDrawer>
  );
};
