/** Sets up a recording policy: a new one, or one that is there. What is wrong stands at its field, with the cure. */
import { App, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingPolicyView } from '../../../api/contract/recording-policies';
import { faultText } from '../i18n/fault-text';
import { SettingsDrawer } from '../settings/settings-drawer';
import { usePerforming } from '../settings/use-performing';
import { FIELDS, NEW_POLICY, TARGETS, bodyOf, draftOf, faultOfServer, faultsOf } from './policy-draft';
import type { PolicyDraft, PolicyFaults } from './policy-draft';
import { PolicyFields } from './policy-fields';
import type { Policies } from './use-policies';
import type { Targets } from './use-targets';

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

  const { busy, failure, perform } = usePerforming((about) => {
    const known = faultOfServer(about);
    if (known) show({ [known[0]]: known[1] });
    return known !== undefined;
  });

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
    <SettingsDrawer
      name="policy"
      formId={FORM}
      width={680}
      texts={{
        title: policy ? t('policies.edit', { id: policy.id }) : t('policies.new'),
        save: t('policies.save'),
        cancel: t('policies.cancel'),
        remove: t('policies.remove'),
        removeSure: t('policies.removeSure'),
        removeYes: t('policies.remove'),
      }}
      busy={busy}
      failure={failure === undefined ? undefined : t('policies.notSaved', { message: faultText(failure, t) })}
      onRemove={policy && remove}
      onClose={onClose}
    >
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
    </SettingsDrawer>
  );
};
