/** What long lists are narrowed down by: days, a number, one of several choices. */
import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useDeskState } from '../desk/desk-context';
import { localName } from '../i18n/local-name';
import { agentsQuery } from '../team/agents-query';
import type { Days } from './filters';

interface DaysFieldProps {
  readonly days: Days;
  readonly onChange: (days: Days) => void;
}

export const DaysField = ({ days, onChange }: DaysFieldProps) => {
  const { t } = useTranslation();
  return (
    <DatePicker.RangePicker
      disabledDate={(day) => day.isAfter(dayjs(), 'day')}
      value={days ? [...days] : null}
      placeholder={[t('history.from'), t('history.to')]}
      onChange={(chosen) => onChange(chosen?.[0] && chosen[1] ? [chosen[0], chosen[1]] : undefined)}
    />
  );
};

interface NumberFieldProps {
  readonly typed: string;
  readonly testId: string;
  readonly onChange: (typed: string) => void;
}

export const NumberField = ({ typed, testId, onChange }: NumberFieldProps) => {
  const { t } = useTranslation();
  return (
    <Input
      className="history-search"
      prefix={<SearchOutlined />}
      allowClear
      maxLength={32}
      placeholder={t('history.search')}
      aria-label={t('history.search')}
      value={typed}
      onChange={(event) => onChange(event.target.value)}
      data-testid={testId}
    />
  );
};

export interface Choice<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
}

interface ChoiceFieldProps<Value extends string> {
  readonly label: string;
  /** What is chosen when nothing is. */
  readonly any: string;
  readonly choices: readonly Choice<Value>[];
  readonly chosen: Value | '';
  readonly testId?: string;
  readonly onChange: (chosen: Value | '') => void;
}

export const ChoiceField = <Value extends string>(props: ChoiceFieldProps<Value>) => {
  const { label, any, choices, chosen, testId, onChange } = props;
  return (
    <Select<Value | ''>
      className="history-outcome"
      aria-label={label}
      value={chosen}
      options={[{ value: '', label: any }, ...choices]}
      onChange={onChange}
      data-testid={testId}
    />
  );
};

export const useQueueChoices = (): Choice[] =>
  useDeskState().queues.map(({ queueId, name, nameZh }) => ({ value: queueId, label: localName(name, nameZh) }));

/** All agents; none for those who do not lead them. */
export const useAgentChoices = (leads: boolean): Choice[] => {
  const { data = [] } = useQuery({ ...agentsQuery, enabled: leads });
  return data.map(({ agentId, displayName, displayNameZh }) => ({
    value: agentId,
    label: localName(displayName, displayNameZh),
  }));
};
