/** Sets up a recording policy: a new one, or one that is there. What is wrong stands at its field, with the cure. */
import { Alert, App, Button, Drawer, Form, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingPolicyView } from '../../../api/contract/recording-policies';
import { ApiError } from '../api/http';
import { faultText } from '../i18n/fault-text';
import { FIELDS, NEW_POLICY, TARGETS, bodyOf, draftOf, faultOfServer, faultsOf } from './policy-draft';
import type { PolicyDraft, PolicyFaults } from './policy-draft';
import { PolicyFields } from './policy-fields';
import type { Policies } from './use-policies';
import type { Targets } from './use-targets';
import '../theme/settings-form.css';

/** Ties the button below the form to it, so that Enter saves as well. */
const FORM = 'recording-policy';

interface PolicyFormProps {
  /** Undefined for a new one. */
  readonly policy: RecordingPolicyView | undefined;
  readonly policies: Policies;
  readonly targets: Targets;
  readonly onClose: () => void;
}

export const PolicyForm = ({ policy, policies, targets, onClose }: PolicyFormProps) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<PolicyDraft>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [initial] = useState(() => (policy ? draftOf(policy) : NEW_POLICY));

  const show = (faults: PolicyFaults): void => {
    form.setFields(
      FIELDS.map((field) => {
        const fault = faults[field];
        if (!fault) return { name: field, errors: [] };
        const { kind, name = '', policy: other = '' } = fault;
        const target = TARGETS.find((each) => each === field);
        const shown = target ? targets.nameOf(target, name) : name;
        return { name: field, errors: [t(`policies.fault.${kind}`, { name: shown, policy: other })] };
      }),
    );
    const first = FIELDS.find((field) => faults[field]);
    if (first) form.scrollToField(first, { block: 'center', focus: true });
  };

  const perform = async (work: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      const known = faultOfServer(error instanceof ApiError ? error.details.about : undefined);
      if (known) show({ [known[0]]: known[1] });
      else setFailure(error);
      return false;
    } finally {
      setBusy(false);
    }
  };

  const save = async (): Promise<void> => {
    const draft = { ...initial, ...form.getFieldsValue() };
    const faults = faultsOf(
      draft,
      (policies.items ?? []).filter(({ id }) => id !== policy?.id),
    );
    show(faults);
    if (Object.keys(faults).length > 0) return;
    if (!(await perform(() => policies.save(draft.id, bodyOf(draft))))) return;
    void message.success(t('policies.saved', { id: draft.id }));
    onClose();
  };

  const remove = async (): Promise<void> => {
    if (!policy || !(await perform(() => policies.remove(policy.id)))) return;
    void message.success(t('policies.removed', { id: policy.id }));
    onClose();
  };

  return (
    <Drawer
      open
      title={policy ? t('policies.edit', { id: policy.id }) : t('policies.new')}
      size={680}
      onClose={onClose}
      data-testid="policy-form"
      footer={
        <div className="settings-footer">
          {policy && (
            <Popconfirm
              title={t('policies.removeSure')}
              okText={t('policies.remove')}
              cancelText={t('policies.cancel')}
              onConfirm={remove}
            >
              <Button danger disabled={busy} data-testid="policy-remove">
                {t('policies.remove')}
              </Button>
            </Popconfirm>
          )}
          <span className="settings-footer-space" />
          <Button onClick={onClose}>{t('policies.cancel')}</Button>
          <Button type="primary" htmlType="submit" form={FORM} loading={busy} data-testid="policy-save">
            {t('policies.save')}
          </Button>
        </div>
      }
    >
      {failure !== undefined && (
        <Alert type="error" showIcon title={t('policies.notSaved', { message: faultText(failure, t) })} />
      )}
      <Form<PolicyDraft>
        id={FORM}
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={() => void save()}
        disabled={busy}
      >
        <PolicyFields isNew={!policy} targets={targets} />
      </Form>
    </Drawer>
  );
};
