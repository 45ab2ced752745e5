/** The fields of a queue's form, in the order in which a call meets them. */
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { en } from '../i18n/en';
import { OverflowFields } from './overflow-fields';
import { RingFields } from './ring-fields';
import { Field, Figure, Group } from './settings-field';
import { SkillRows } from './skill-rows';
import { agentOptions, optionsOf, tenantOptions } from './use-acd-settings';
import type { AcdData } from './use-acd-settings';
import { WaitingFields } from './waiting-fields';
import { WeightFields } from './weight-fields';

interface QueueFieldsProps {
  /** A queue's id stays what it is. */
  readonly isNew: boolean;
  readonly data: AcdData;
  readonly queueId: string | undefined;
}

const STRATEGIES = Object.keys(en.queueSettings.strategy) as (keyof typeof en.queueSettings.strategy)[];

export const QueueFields = ({ isNew, data, queueId }: QueueFieldsProps) => {
  const { t } = useTranslation();
  const tenants = tenantOptions(data.tenants, t('queueSettings.mainTenant'));
  const calendars = [{ value: '', label: t('queueSettings.always') }, ...optionsOf(data.calendars)];
  return (
    <>
      <Group name="general">
        <Form.Item name="id" required label={t('queueSettings.field.id')} extra={t('queueSettings.idHint')}>
          <Input disabled={!isNew} maxLength={64} data-testid="queue-id" />
        </Form.Item>
        <Field name="calendarId">
          <Select options={calendars} data-testid="queue-calendarId" />
        </Field>
        <Field name="name" required>
          <Input maxLength={100} data-testid="queue-name" />
        </Field>
        <Field name="nameZh">
          <Input maxLength={100} data-testid="queue-nameZh" />
        </Field>
        {tenants.length > 1 && (
          <Field name="tenant">
            <Select options={tenants} data-testid="queue-tenant" />
          </Field>
        )}
      </Group>
      <Group name="who">
        <Form.Item
          className="settings-wide queue-list-item"
          label={t('queueSettings.field.skills')}
          extra={t('queueSettings.fieldHint.skills')}
        >
          <SkillRows path={['skills']} skills={data.skills} testId="queue-skill" />
        </Form.Item>
        <RingFields skills={data.skills} />
        <StrategyFields data={data} />
        <Figure name="priority" least={-1000} most={1000} usual={0} />
        <Figure name="preferredAgentS" most={3600} unit="seconds" usual={0} />
      </Group>
      <Group name="agent">
        <Figure name="offerTimeoutS" least={1} most={600} unit="seconds" required />
        <Figure name="wrapUpS" most={3600} unit="seconds" required />
        <Figure name="serviceLevelPercent" least={1} most={100} unit="percent" />
        <Figure name="serviceLevelS" least={1} most={3600} unit="seconds" />
      </Group>
      <Group name="overflow">
        <OverflowFields queues={data.queues.filter(({ id }) => id !== queueId)} />
      </Group>
      <WaitingFields calendars={data.calendars} />
      <Group name="weights">
        <WeightFields />
      </Group>
    </>
  );
};

const StrategyFields = ({ data }: { readonly data: AcdData }) => {
  const { t } = useTranslation();
  const strategy = Form.useWatch<string | undefined>('strategy');
  return (
    <>
      <Field name="strategy">
        <Select
          options={STRATEGIES.map((value) => ({ value, label: t(`queueSettings.strategy.${value}`) }))}
          data-testid="queue-strategy"
        />
      </Field>
      {strategy === 'ring-several' ? <Figure name="ringAtOnce" least={2} most={20} required /> : <span />}
      {strategy === 'linear' && (
        <Field name="agentOrder" required wide>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={agentOptions(data.agents)}
            data-testid="queue-agentOrder"
          />
        </Field>
      )}
    </>
  );
};
