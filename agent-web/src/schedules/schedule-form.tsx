/** Sets up a schedule: a new one, or one that is there. */
import { useQueryClient } from '@tanstack/react-query';
import { Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScheduleView } from '../../../api/contract/schedules';
import { removeSchedule, saveSchedule } from '../api/workforce';
import { aboutText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { AcdForm } from '../queues/acd-form';
import type { FieldFault } from '../queues/acd-form';
import type { AcdData } from '../queues/use-acd-settings';
import type { ServerAbout } from '../settings/use-performing';
import { bodyOf, draftOf, faultsOf, newSchedule } from './schedule-draft';
import type { ScheduleDraft, ScheduleFaultKind } from './schedule-draft';
import { ScheduleFields } from './schedule-fields';
import { SCHEDULES_KEY } from './use-schedules';

interface ScheduleFormProps {
  /** Undefined for a new one. */
  readonly schedule: ScheduleView | undefined;
  readonly schedules: readonly ScheduleView[];
  readonly data: AcdData;
  readonly onClose: () => void;
}

export const ScheduleForm = ({ schedule, schedules, data, onClose }: ScheduleFormProps) => {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form] = Form.useForm<ScheduleDraft>();
  const [initial] = useState(() =>
    schedule ? draftOf(schedule) : newSchedule(Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const name = schedule && localName(schedule.name, schedule.nameZh);
  /** What was refused is read again too: somebody else may have changed it. */
  const perform = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } finally {
      await queries.invalidateQueries({ queryKey: [SCHEDULES_KEY] });
    }
  };

  const textOf = (kind: ScheduleFaultKind): string =>
    kind === 'lastBeforeFirst' ? t('schedules.lastBeforeFirst') : t(`queueSettings.fault.${kind}`);
  const faults = (draft: ScheduleDraft): FieldFault[] => {
    const others = schedules.map(({ id }) => id).filter((id) => id !== schedule?.id);
    return faultsOf(draft, others).map(({ path, kind }) => ({ path, text: textOf(kind) }));
  };
  const faultOfServer = (about: ServerAbout): FieldFault | undefined => {
    const path = about?.values['path'];
    const text = aboutText(about, t);
    return path !== undefined && text !== undefined ? { path: [path], text } : undefined;
  };
  const save = async (draft: ScheduleDraft): Promise<string> => {
    await perform(() => saveSchedule(draft.id, bodyOf(draft, schedule?.version)));
    return localName(draft.name, draft.nameZh);
  };

  return (
    <AcdForm
      name="schedule"
      width={860}
      title={name === undefined ? t('schedules.new') : t('schedules.edit', { name })}
      form={form}
      initial={initial}
      faultsOf={faults}
      faultOfServer={faultOfServer}
      save={save}
      removal={
        schedule && {
          sure: t('schedules.removeSure'),
          name: name ?? schedule.id,
          remove: () => perform(() => removeSchedule(schedule.id)),
        }
      }
      onClose={onClose}
    >
      <ScheduleFields isNew={!schedule} data={data} />
    </AcdForm>
  );
};
