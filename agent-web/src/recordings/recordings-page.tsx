/** All recordings that the user may hear, found by time, agent, number, queue, trunk and direction. */
import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingView } from '../../../api/contract/recordings';
import type { RecordingFilter } from '../api/recordings';
import { useAgentNames } from '../desk/use-agent-names';
import { ChoiceField, DaysField, NumberField, useAgentChoices, useQueueChoices } from '../lists/filter-fields';
import { searchedDigits, timesOf } from '../lists/filters';
import type { Days } from '../lists/filters';
import { ListPage } from '../lists/list-page';
import { useDebounced } from '../lists/use-debounced';
import { RecordingsTable } from './recordings-table';
import type { Names } from './recordings-table';
import { useRecordings } from './use-recordings';
import './recordings.css';

const PAGE_SIZE = 100;
const MESSAGES = ['all', 'new', 'heard'] as const;
const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;

interface Filter {
  readonly days: Days;
  readonly number: string;
  readonly trunkId: string;
  readonly agentId: string;
  readonly queueId: string;
  readonly direction: RecordingView['direction'] | '';
  readonly held: boolean;
  /** Instead of conversations and messages. */
  readonly messages: (typeof MESSAGES)[number] | '';
}

const NO_FILTER: Filter = {
  days: undefined,
  number: '',
  trunkId: '',
  agentId: '',
  queueId: '',
  direction: '',
  held: false,
  messages: '',
};

const queryOf = (filter: Filter): RecordingFilter => {
  const { days, number, trunkId, agentId, queueId, direction, held, messages } = filter;
  const digits = searchedDigits(number);
  return {
    limit: PAGE_SIZE,
    ...timesOf(days),
    ...(digits && { number: digits }),
    ...(trunkId.trim() && { trunkId: trunkId.trim() }),
    ...(agentId && { agentId }),
    ...(queueId && { queueId }),
    ...(direction && { direction }),
    ...(held && { held }),
    ...(messages && { messages }),
  };
};

interface FiltersProps {
  readonly filter: Filter;
  readonly onChange: (change: Partial<Filter>) => void;
}

/** Agents find their own recordings: whose, by which trunk and whether held is a question of those who lead. */
const LeadersFilters = ({ filter, onChange }: FiltersProps) => {
  const { t } = useTranslation();
  const agents = useAgentChoices(true);
  return (
    <>
      <ChoiceField
        label={t('recordings.what')}
        any={t('recordings.anyWhat')}
        choices={MESSAGES.map((value) => ({ value, label: t(`recordings.messages.${value}`) }))}
        chosen={filter.messages}
        testId="recordings-messages"
        onChange={(messages) => onChange({ messages })}
      />
      <ChoiceField
        label={t('recordings.agents')}
        any={t('history.anyAgent')}
        choices={agents}
        chosen={filter.agentId}
        onChange={(agentId) => onChange({ agentId })}
      />
      <Input
        className="history-outcome"
        allowClear
        maxLength={64}
        placeholder={t('recordings.trunkName')}
        aria-label={t('recordings.trunkName')}
        value={filter.trunkId}
        onChange={(event) => onChange({ trunkId: event.target.value })}
      />
      <Checkbox checked={filter.held} onChange={(event) => onChange({ held: event.target.checked })}>
        {t('recordings.onlyHeld')}
      </Checkbox>
    </>
  );
};

const Filters = ({ filter, onChange }: FiltersProps) => {
  const { t } = useTranslation();
  const queues = useQueueChoices();
  const directions = DIRECTIONS.map((value) => ({ value, label: t(`call.direction.${value}`) }));
  return (
    <>
      <DaysField days={filter.days} onChange={(days) => onChange({ days })} />
      <NumberField typed={filter.number} testId="recordings-number" onChange={(number) => onChange({ number })} />
      <ChoiceField
        label={t('recordings.queue')}
        any={t('history.anyQueue')}
        choices={queues}
        chosen={filter.queueId}
        onChange={(queueId) => onChange({ queueId })}
      />
      <ChoiceField
        label={t('recordings.direction')}
        any={t('recordings.anyDirection')}
        choices={directions}
        chosen={filter.direction}
        onChange={(direction) => onChange({ direction })}
      />
    </>
  );
};

const useNames = (): Names => {
  const agent = useAgentNames();
  const queues = useQueueChoices();
  return { agent, queue: (queueId) => queues.find(({ value }) => value === queueId)?.label ?? queueId };
};

export const RecordingsPage = ({ leads }: { readonly leads: boolean }) => {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(NO_FILTER);
  const names = useNames();
  const recordings = useRecordings(queryOf(useDebounced(filter)));
  const change = (changed: Partial<Filter>): void => setFilter((former) => ({ ...former, ...changed }));
  return (
    <ListPage
      title={t('recordings.title')}
      hint={t(leads ? 'recordings.hint' : 'recordings.ownHint')}
      filters={
        <>
          <Filters filter={filter} onChange={change} />
          {leads && <LeadersFilters filter={filter} onChange={change} />}
        </>
      }
      onReload={recordings.reload}
    >
      <RecordingsTable recordings={recordings} names={names} leads={leads} filtered={filter !== NO_FILTER} />
    </ListPage>
  );
};
