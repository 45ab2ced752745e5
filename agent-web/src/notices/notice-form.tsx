/** The drawer in which one of these settings is made, changed or removed. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Form } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';
import { SettingsDrawer } from '../settings/settings-drawer';
import { usePerforming } from '../settings/use-performing';

const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

interface NoticeFormProps<View extends { readonly id: string }> {
  /** Begins the names by which tests find its parts. */
  readonly name: string;
  /** What is read again afterwards. */
  readonly queryKey: string;
  /** With an empty id when it is new. */
  readonly initial: View;
  readonly title: string;
  readonly save: (view: View) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export const NoticeForm = <View extends { readonly id: string }>(props: NoticeFormProps<View>) => {
  const { name, queryKey, initial, title, onClose, children } = props;
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<View>();
  const { busy, failure, perform } = usePerforming(() => false);

  const done = async (work: () => Promise<void>, text: string): Promise<void> => {
    if (!(await perform(work))) return;
    await queries.invalidateQueries({ queryKey: [queryKey] });
    void message.success(text);
    onClose();
  };
  const save = async (values: Partial<View>): Promise<void> => {
    const view = { ...initial, ...values };
    if (!ID.test(view.id)) {
      form.setFields([{ name: 'id' as never, errors: [t('notices.idWrong')] }]);
      return;
    }
    await done(() => props.save(view), t('notices.saved', { id: view.id }));
  };
  return (
    <SettingsDrawer
      name={name}
      formId={name}
      width={560}
      texts={{
        title,
        save: t('notices.save'),
        cancel: t('notices.cancel'),
        remove: t('notices.remove'),
        removeSure: t('notices.removeSure'),
        removeYes: t('notices.remove'),
      }}
      busy={busy}
      failure={failure === undefined ? undefined : t('notices.notSaved', { message: faultText(failure, t) })}
      onRemove={
        initial.id === ''
          ? undefined
          : () => done(() => props.remove(initial.id), t('notices.removed', { id: initial.id }))
      }
      onClose={onClose}
    >
      <Form<View>
        id={name}
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={(values) => void save(values)}
        disabled={busy}
      >
        <div className="settings-grid">{children}</div>
      </Form>
    </SettingsDrawer>
  );
};
