/** The fields of a recording policy's form, in three groups: which calls, how they are recorded, who may change it. */
import { Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { en } from '../i18n/en';
import { hasKey } from '../i18n/has-key';
import { RIGHTS, TARGETS } from './policy-draft';
import type { PolicyDraft, PolicyField, Target } from './policy-draft';
import type { Targets } from './use-targets';

interface FieldProps {
  readonly name: PolicyField;
  readonly required?: boolean;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

const Field = ({ name, required = false, wide = false, children }: FieldProps) => {
  const { t } = useTranslation();
  return (
    <Form.Item<PolicyDraft>
      name={name}
      required={required}
      label={t(`policies.field.${name}`)}
      {...(wide && { className: 'settings-wide' })}
      {...(hasKey(en.policies.fieldHint, name) && { extra: t(`policies.fieldHint.${name}`) })}
    >
      {children}
    </Form.Item>
  );
};

const Group = ({
  name,
  children,
}: {
  readonly name: 'about' | 'recording' | 'rights';
  readonly children: ReactNode;
}) => {
  const { t } = useTranslation();
  return (
    <fieldset className="settings-group">
      <legend>{t(`policies.group.${name}`)}</legend>
      <div className="settings-grid">{children}</div>
    </fieldset>
  );
};

const TargetField = ({ target, targets }: { readonly target: Target; readonly targets: Targets }) => (
  <Field name={target}>
    {target === 'numbers' ? (
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', ';', '，', '；', ' ']}
        data-testid="policy-numbers"
      />
    ) : (
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: 'label' }}
        options={[...targets.options[target]]}
        data-testid={`policy-${target}`}
      />
    )}
  </Field>
);

/** With the mode off only a mask makes sense: it hides keys from the agent. */
const RightsField = ({ name, isOff }: { readonly name: 'agentMay' | 'supervisorMay'; readonly isOff: boolean }) => {
  const { t } = useTranslation();
  return (
    <Field name={name} wide>
      <Checkbox.Group
        options={RIGHTS.map((right) => ({
          value: right,
          label: <span data-testid={`policy-${name}-${right}`}>{t(`policies.right.${right}`)}</span>,
          disabled: isOff && right !== 'mask',
        }))}
      />
    </Field>
  );
};

interface PolicyFieldsProps {
  /** A policy's id stays what it is. */
  readonly isNew: boolean;
  readonly targets: Targets;
}

export const PolicyFields = ({ isNew, targets }: PolicyFieldsProps) => {
  const { t } = useTranslation();
  const mode = Form.useWatch<PolicyDraft['mode'] | undefined>('mode');
  const isOff = mode === 'off';
  const modes = (['always', 'on-demand', 'off'] as const).map((value) => ({
    value,
    label: <span data-testid={`policy-mode-${value}`}>{t(`policies.mode.${value}`)}</span>,
  }));
  const notices = (['none', 'announcement', 'beep'] as const).map((value) => ({
    value,
    label: t(`policies.notices.${value}`),
  }));
  return (
    <>
      <Group name="about">
        <Field name="id" required>
          <Input disabled={!isNew} maxLength={64} data-testid="policy-id" />
        </Field>
        <Form.Item<PolicyDraft>
          name="default"
          valuePropName="checked"
          label={t('policies.field.default')}
          extra={t('policies.fieldHint.default')}
        >
          <Checkbox data-testid="policy-default">{t('policies.others')}</Checkbox>
        </Form.Item>
        {TARGETS.map((target) => (
          <TargetField key={target} target={target} targets={targets} />
        ))}
      </Group>
      <Group name="recording">
        <Field name="mode" wide>
          <Radio.Group options={modes} optionType="button" />
        </Field>
        {mode === 'always' && (
          <Field name="samplePercent" required>
            <InputNumber min={0.01} max={100} suffix="%" data-testid="policy-samplePercent" />
          </Field>
        )}
        {!isOff && (
          <>
            <Field name="notice">
              <Select options={notices} data-testid="policy-notice" />
            </Field>
            <Field name="retentionDays">
              <InputNumber
                min={1}
                max={36_500}
                precision={0}
                suffix={t('policies.unit.days')}
                data-testid="policy-days"
              />
            </Field>
          </>
        )}
      </Group>
      <Group name="rights">
        <RightsField name="agentMay" isOff={isOff} />
        <RightsField name="supervisorMay" isOff={isOff} />
        <Field name="resumeAfterS" required>
          <InputNumber min={1} max={3600} suffix={t('policies.unit.seconds')} data-testid="policy-resumeAfterS" />
        </Field>
      </Group>
    </>
  );
};
