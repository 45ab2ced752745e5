/** The limits of a queue, and what is done at them: rules that are asked in their order. */
import { useQuery } from '@tanstack/react-query';
import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { QueueSettingsView } from '../../../api/contract/queues';
import { readFlows } from '../api/acd-settings';
import { readSounds } from '../api/resources';
import { soundNameOf } from '../prompts/sound-names';
import { TOS, WHENS } from './queue-draft';
import type { OverflowRow } from './queue-draft';
import { AddRow, RemoveRow } from './row-buttons';
import { optionsOf } from './use-acd-settings';

interface OverflowFieldsProps {
  /** Where a contact may overflow to. */
  readonly queues: readonly QueueSettingsView[];
}

const usePromptOptions = (): { value: string; label: string }[] => {
  const { data = [] } = useQuery({ queryKey: ['sounds'], queryFn: readSounds });
  const names = data.map(({ path }) => path).filter((path) => path.startsWith('prompts/'));
  return [...new Set(names.map(soundNameOf))].sort().map((name) => ({ value: name, label: name }));
};

export const OverflowFields = ({ queues }: OverflowFieldsProps) => {
  const { t } = useTranslation();
  return (
    <Form.Item
      className="settings-wide queue-list-item"
      label={t('queueSettings.field.overflow')}
      extra={t('queueSettings.fieldHint.overflow')}
    >
      <Form.List name="overflow">
        {(fields, { add, remove }, { errors }) => (
          <div className="queue-rows">
            {fields.map(({ key, name }) => (
              <OverflowRule key={key} name={name} queues={queues} onRemove={() => remove(name)} />
            ))}
            <AddRow testId="queue-overflow-add" onClick={() => add({ when: 'closed', to: 'end' })} />
            <Form.ErrorList errors={errors} />
          </div>
        )}
      </Form.List>
    </Form.Item>
  );
};

interface RuleProps extends OverflowFieldsProps {
  readonly name: number;
  readonly onRemove: () => void;
}

const OverflowRule = ({ name, queues, onRemove }: RuleProps) => {
  const { t } = useTranslation();
  const prompts = usePromptOptions();
  const row = Form.useWatch<OverflowRow | undefined>(['overflow', name]);
  const hasAmount = row?.when === 'length' || row?.when === 'expected-wait' || row?.when === 'waited';
  return (
    <div className="queue-overflow">
      <Form.Item name={[name, 'when']} className="queue-inline">
        <Select
          options={WHENS.map((value) => ({ value, label: t(`queueSettings.when.${value}`) }))}
          data-testid="queue-when"
        />
      </Form.Item>
      {hasAmount ? (
        <Form.Item name={[name, 'amount']} className="queue-inline">
          <InputNumber
            min={0}
            max={86_400}
            precision={0}
            {...(row.when !== 'length' && { suffix: t('queueSettings.seconds') })}
            data-testid="queue-amount"
          />
        </Form.Item>
      ) : (
        <span />
      )}
      <Form.Item name={[name, 'to']} className="queue-inline">
        <Select
          options={TOS.map((value) => ({ value, label: t(`queueSettings.to.${value}`) }))}
          data-testid="queue-to"
        />
      </Form.Item>
      <OverflowTarget name={name} to={row?.to} queues={queues} prompts={prompts} />
      <Form.Item name={[name, 'announcement']} className="queue-inline">
        <Select
          allowClear
          showSearch
          options={prompts}
          placeholder={t('queueSettings.announcement')}
          aria-label={t('queueSettings.announcement')}
        />
      </Form.Item>
      <RemoveRow onClick={onRemove} />
    </div>
  );
};

interface TargetProps extends OverflowFieldsProps {
  readonly name: number;
  readonly to: OverflowRow['to'] | undefined;
  readonly prompts: { value: string; label: string }[];
}

const OverflowTarget = ({ name, to, queues, prompts }: TargetProps) => {
  const { t } = useTranslation();
  const { data: flows = [] } = useQuery({ queryKey: ['flows'], queryFn: readFlows, enabled: to === 'flow' });
  if (to === undefined || to === 'callback' || to === 'end') return <span />;
  const options = {
    ...{ queue: optionsOf(queues), message: prompts, number: undefined, voicemail: undefined },
    flow: flows.map(({ id, title }) => ({ value: id, label: title || id })),
  }[to];
  return (
    <Form.Item key={to} name={[name, 'target']} className="queue-inline" preserve={false}>
      {options ? (
        <Select showSearch={{ optionFilterProp: 'label' }} options={options} data-testid="queue-target" />
      ) : (
        <Input maxLength={200} aria-label={t(`queueSettings.to.${to}`)} data-testid="queue-target" />
      )}
    </Form.Item>
  );
};
