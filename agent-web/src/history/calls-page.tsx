/** All calls that the user may see, with filters. */
import { ReloadOutlined, SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAgents } from '../api/resources';
import { useDeskState } from '../desk/desk-context';
import { AGENTS_KEY } from '../team/team-page';
import { localName } from '../i18n/local-name';
import { HistoryTable } from './history-table';
import { useDebounced } from './use-debounced';
import { useHistory } from './use-history';
import { useOutcomeOptions } from './use-outcome-options';
import type { ResultChoice } from './use-outcome-options';
import './history.css';

interface CallsPageProps {
  /** Sees every agent's calls. */
  readonly leads: boolean;
}

interface Filter {
  readonly days: readonly [Dayjs, Dayjs] | undefined;
  readonly number: string;
  readonly result: ResultChoice;
  readonly queueId: string;
  readonly agentId: string;
}

const NO_FILTER: Filter = { days: undefined, number: '', result: '', queueId: '', agentId: '' };
const PAGE_SIZE = 100;

const queryOf = ({ days, number, result, queueId, agentId }: Filter) => ({
  limit: PAGE_SIZE,
  number: number.replace(/[^0-9+*#]/g, ''),
  ...(days ? { fromMs: days[0].startOf('day').valueOf(), toMs: days[1].endOf('day').valueOf() } : {}),
  ...(result ? { result } : {}),
  ...(queueId ? { queueId } : {}),
  ...(agentId ? { agentId } : {}),
});

interface FiltersProps {
  readonly leads: boolean;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

const Filters = ({ leads, filter, onChange }: FiltersProps) => {
  const { t } = useTranslation();
  const { queues } = useDeskState();
  const agents = useQuery({ queryKey: [AGENTS_KEY], queryFn: readAgents, enabled: leads });
  const outcomes = useOutcomeOptions();
  return (
    <>
      <DatePicker.RangePicker
        allowEmpty
        disabledDate={(day) => day.isAfter(dayjs(), 'day')}
        value={filter.days ? [...filter.days] : null}
        placeholder={[t('history.from'), t('history.to')]}
        onChange={(days) => onChange({ ...filter, days: days?.[0] && days[1] ? [days[0], days[1]] : undefined })}
      />
      <Input
        className="history-search"
        prefix={<SearchOutlined />}
        allowClear
        maxLength={32}
        placeholder={t('history.search')}
        aria-label={t('history.search')}
        value={filter.number}
        onChange={(event) => onChange({ ...filter, number: event.target.value })}
      />
      <Select
        className="history-outcome"
        aria-label={t('history.outcome')}
        value={filter.result}
        options={outcomes}
        onChange={(result) => onChange({ ...filter, result })}
      />
      <Select
        className="history-outcome"
        aria-label={t('history.queue')}
        value={filter.queueId}
        options={[
          { value: '', label: t('history.anyQueue') },
          ...queues.map(({ queueId, name, nameZh }) => ({ value: queueId, label: localName(name, nameZh) })),
        ]}
        onChange={(queueId) => onChange({ ...filter, queueId })}
      />
      {leads && (
        <Select
          className="history-outcome"
          aria-label={t('history.agent')}
          value={filter.agentId}
          options={[
            { value: '', label: t('history.anyAgent') },
            ...(agents.data ?? []).map(({ agentId, displayName, displayNameZh }) => ({
              value: agentId,
              label: localName(displayName, displayNameZh),
            })),
          ]}
          onChange={(agentId) => onChange({ ...filter, agentId })}
        />
      )}
    </>
  );
};

export const CallsPage = ({ leads }: CallsPageProps) => {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(NO_FILTER);
  const history = useHistory(queryOf(useDebounced(filter)));
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('history.all')}</h1>
        <p>{t('history.allHint')}</p>
      </header>
      <section className="history panel" aria-label={t('history.all')}>
        <header className="history-head">
          <div className="history-filters history-filters-wide">
            <Filters leads={leads} filter={filter} onChange={setFilter} />
          </div>
          <Button
            type="text"
            icon={<ReloadOutlined />}
            aria-label={t('history.refresh')}
            title={t('history.refresh')}
            onClick={history.reload}
          />
        </header>
        <HistoryTable history={history} filtered withDay withAgent={leads} />
      </section>
    </div>
  );
};
