/** Sets up hours: new ones, or some that are there. */
import { Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarView } from '../../../api/contract/calendars';
import { localName } from '../i18n/local-name';
import { AcdForm } from './acd-form';
import type { FieldFault } from './acd-form';
import { bodyOf, draftOf, faultsOf, newCalendar } from './calendar-draft';
import type { CalendarDraft } from './calendar-draft';
import { CalendarFields } from './calendar-fields';
import type { AcdData, AcdSettings } from './use-acd-settings';

interface CalendarFormProps {
  /** Undefined for new ones. */
  readonly calendar: CalendarView | undefined;
  readonly settings: AcdSettings;
  readonly data: AcdData;
  readonly onClose: () => void;
}

export const CalendarForm = ({ calendar, settings, data, onClose }: CalendarFormProps) => {
  const { t } = useTranslation();
  const [form] = Form.useForm<CalendarDraft>();
  const [initial] = useState(() =>
    calendar ? draftOf(calendar) : newCalendar(Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const name = calendar && localName(calendar.name, calendar.nameZh);

  const faults = (draft: CalendarDraft): FieldFault[] => {
    const others = data.calendars.map(({ id }) => id).filter((id) => id !== calendar?.id);
    return faultsOf(draft, others).map(({ path, kind }) => ({ path, text: t(`queueSettings.fault.${kind}`) }));
  };

  const save = async (draft: CalendarDraft): Promise<string> => {
    await settings.save('calendars', draft.id, bodyOf(draft, calendar?.version));
    return localName(draft.name, draft.nameZh);
  };

  return (
    <AcdForm
      name="calendar"
      width={720}
      title={name === undefined ? t('queueSettings.calendar.new') : t('queueSettings.calendar.edit', { name })}
      form={form}
      initial={initial}
      faultsOf={faults}
      save={save}
      removal={
        calendar && {
          sure: t('queueSettings.calendar.removeSure'),
          name: name ?? calendar.id,
          remove: () => settings.remove('calendars', calendar.id),
        }
      }
      onClose={onClose}
    >
      <CalendarFields isNew={!calendar} />
    </AcdForm>
  );
};
