/** All calls that the user may see, with filters. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceField, DaysField, NumberField, useAgentChoices, useQueueChoices } from '../lists/filter-fields';
import { searchedDigits, timesOf } from '../lists/filters';
import type { Days } from '../lists/filters';
import { ListPage } from '../lists/list-page';
import { useDebounced } from '../lists/use-debounced';
import type { HistoryQuery } from '../api/resources';
import { HistoryTable } from './history-table';
import { useHistory } from './use-history';
import { useOutcomeChoices } from './use-outcome-choices';
import type { ResultChoice } from './use-outcome-choices';

interface CallsPageProps {
  /** Sees every agent's calls. */
  readonly leads: boolean;
}

interface Filter {
  readonly days: Days;
  readonly number: string;
  readonly result: ResultChoice | '';
  readonly queueId: string;
  readonly agentId: string;
}

const NO_FILTER: Filter = { days: undefined, number: '', result: '', queueId: '', agentId: '' };
const PAGE_SIZE = 100;

const queryOf = ({ days, number, result, queueId, agentId }: Filter): HistoryQuery => ({
  limit: PAGE_SIZE,
  number: searchedDigits(number),
  ...timesOf(days),
  ...(result && { result }),
  ...(queueId && { queueId }),
  ...(agentId && { agentId }),
});

interface FiltersProps {
  readonly leads: boolean;
  readonly filter: Filter;
  readonly onChange: (change: Partial<Filter>) => void;
}

const Filters = ({ leads, filter, onChange }: FiltersProps) => {
  const { t } = useTranslation();
  const queues = useQueueChoices();
  const agents = useAgentChoices(leads);
  const outcomes = useOutcomeChoices();
  return (
    <>
      <DaysField days={filter.days} onChange={(days) => onChange({ days })} />
      <NumberField typed={filter.number} testId="calls-number" onChange={(number) => onChange({ number })} />
      <ChoiceField
        label={t('history.outcome')}
        any={t('history.anyOutcome')}
        choices={outcomes}
        chosen={filter.result}
        onChange={(result) => onChange({ result })}
      />
      <ChoiceField
        label={t('history.queue')}
        any={t('history.anyQueue')}
        choices={queues}
        chosen={filter.queueId}
        onChange={(queueId) => onChange({ queueId })}
      />
      {leads && (
        <ChoiceField
          label={t('history.agent')}
          any={t('history.anyAgent')}
          choices={agents}
          chosen={filter.agentId}
          onChange={(agentId) => onChange({ agentId })}
        />
      )}
    </>
  );
};

export const CallsPage = ({ leads }: CallsPageProps) => {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(NO_FILTER);
  const history = useHistory(queryOf(useDebounced(filter)));
  const change = (changed: Partial<Filter>): void => setFilter((former) => ({ ...former, ...changed }));
  return (
    <ListPage
      title={t('history.all')}
      hint={t('history.allHint')}
      filters={<Filters leads={leads} filter={filter} onChange={change} />}
      onReload={history.reload}
    >
      <HistoryTable history={history} filtered withDay withAgent={leads} />
    </ListPage>
  );
};
