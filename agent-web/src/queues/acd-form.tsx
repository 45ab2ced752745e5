/** The drawer with the form of a queue, an agent or hours: one way to save, to remove and to say what failed. */
import { App, Form } from 'antd';
import type { FormInstance } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';
import { SettingsDrawer } from '../settings/settings-drawer';
import { usePerforming } from '../settings/use-performing';
import type { ServerAbout } from '../settings/use-performing';

export interface FieldFault {
  readonly path: readonly (string | number)[];
  /** In the reader's words. */
  readonly text: string;
}

interface AcdFormProps<Draft> {
  /** Begins the names by which tests find its parts. */
  readonly name: 'queue' | 'agent' | 'calendar' | 'schedule';
  /** Pixels. */
  readonly width: number;
  readonly title: string;
  readonly form: FormInstance<Draft>;
  readonly initial: Draft;
  /** What is wrong before the server is asked. */
  readonly faultsOf?: (draft: Draft) => readonly FieldFault[];
  /** At which field stands what the server refused; undefined where it has none. */
  readonly faultOfServer?: (about: ServerAbout) => FieldFault | undefined;
  /** Resolves with the name under which it was saved. */
  readonly save: (draft: Draft) => Promise<string>;
  /** Absent where there is nothing to remove. */
  readonly removal?: { readonly sure: string; readonly name: string; remove(): Promise<void> } | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

type FieldPath<Draft> = Parameters<FormInstance<Draft>['setFields']>[0][number]['name'];

const showFaults = <Draft,>(form: FormInstance<Draft>, faults: readonly FieldFault[]): void => {
  const fields = faults.map(({ path, text }) => ({ name: [...path] as FieldPath<Draft>, errors: [text] }));
  form.setFields(fields);
  if (fields[0]) form.scrollToField(fields[0].name, { block: 'center', focus: true });
};

export const AcdForm = <Draft extends object>(props: AcdFormProps<Draft>) => {
  const { name, width, title, form, initial, faultsOf, faultOfServer, save, removal, onClose, children } = props;
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [failed, setFailed] = useState<'notSaved' | 'notRemoved'>('notSaved');
  const { busy, failure, perform } = usePerforming((about) => {
    const fault = faultOfServer?.(about);
    if (fault) showFaults(form, [fault]);
    return fault !== undefined;
  });

  const submit = async (): Promise<void> => {
    setFailed('notSaved');
    const draft = { ...initial, ...(form.getFieldsValue(true) as Partial<Draft>) };
    const faults = faultsOf?.(draft) ?? [];
    showFaults(form, faults);
    if (faults.length > 0) return;
    let saved = '';
    const saving = async (): Promise<void> => void (saved = await save(draft));
    if (!(await perform(saving))) return;
    void message.success(t('queueSettings.saved', { name: saved }));
    onClose();
  };

  const remove = async (): Promise<void> => {
    setFailed('notRemoved');
    if (!removal || !(await perform(() => removal.remove()))) return;
    void message.success(t('queueSettings.removed', { name: removal.name }));
    onClose();
  };

  const formId = `${name}-settings`;
  return (
    <SettingsDrawer
      name={name}
      formId={formId}
      width={width}
      texts={{
        title,
        save: t('queueSettings.save'),
        cancel: t('queueSettings.cancel'),
        remove: t('queueSettings.remove'),
        removeSure: removal?.sure ?? '',
        removeYes: t('queueSettings.remove'),
      }}
      busy={busy}
      failure={failure === undefined ? undefined : t(`queueSettings.${failed}`, { message: faultText(failure, t) })}
      onRemove={removal && remove}
      onClose={onClose}
    >
      <Form<Draft>
        id={formId}
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={() => void submit()}
        disabled={busy}
      >
        {children}
      </Form>
    </SettingsDrawer>
  );
};
