/** All recordings that the user may hear, found by time, agent, number, queue, trunk and direction. */
import { ReloadOutlined, SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingFilter } from '../api/recordings';
import { readAgents } from '../api/resources';
import { useDesk, useDeskState } from '../desk/desk-context';
import { useDebounced } from '../history/use-debounced';
import { localName } from '../i18n/local-name';
import { AGENTS_KEY } from '../team/team-page';
import { RecordingsTable } from './recordings-table';
import type { Names } from './recordings-table';
import { useRecordings } from './use-recordings';
import '../history/history.css';
import './recordings.css';

const PAGE_SIZE = 100;
const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;

interface Filter {
  readonly days: readonly [Dayjs, Dayjs] | undefined;
  readonly number: string;
  readonly trunkId: string;
  readonly agentId: string;
  readonly queueId: string;
  readonly direction: (typeof DIRECTIONS)[number] | '';
  readonly held: boolean;
}

const NO_FILTER: Filter = {
  days: undefined,
  number: '',
  trunkId: '',
  agentId: '',
  queueId: '',
  direction: '',
  held: false,
};

const queryOf = ({ days, number, trunkId, agentId, queueId, direction, held }: Filter): RecordingFilter => {
  const digits = number.replace(/[^0-9+*#]/g, '');
  return {
    limit: PAGE_SIZE,
    ...(days && { fromMs: days[0].startOf('day').valueOf(), toMs: days[1].endOf('day').valueOf() }),
    ...(digits && { number: digits }),
    ...(trunkId.trim() && { trunkId: trunkId.trim() }),
    ...(agentId && { agentId }),
    ...(queueId && { queueId }),
    ...(direction && { direction }),
    ...(held && { held }),
  };
};

interface Choice {
  readonly value: string;
  readonly label: string | undefined;
}

const useChoices = (leads: boolean): { agents: Choice[]; queues: Choice[]; names: Names } => {
  const { session } = useDesk();
  const { queues } = useDeskState();
  const { data: agents = [] } = useQuery({ queryKey: [AGENTS_KEY], queryFn: readAgents, enabled: leads });
  const { user } = session;
  const agentChoices = agents.map(({ agentId, displayName, displayNameZh }) => ({
    value: agentId,
    label: localName(displayName, displayNameZh),
  }));
  const queueChoices = queues.map(({ queueId, name, nameZh }) => ({ value: queueId, label: localName(name, nameZh) }));
  const own = user.agent && { value: user.agent.agentId, label: localName(user.displayName, user.displayNameZh) };
  const nameIn = (choices: readonly (Choice | undefined)[], id: string): string =>
    choices.find((choice) => choice?.value === id)?.label ?? id;
  const names = {
    agent: (agentId: string) => nameIn([...agentChoices, own], agentId),
    queue: (queueId: string) => nameIn(queueChoices, queueId),
  };
  return { agents: agentChoices, queues: queueChoices, names };
};

interface FiltersProps {
  readonly leads: boolean;
  readonly filter: Filter;
  readonly agents: Choice[];
  readonly queues: Choice[];
  readonly onChange: (change: Partial<Filter>) => void;
}

const Filters = ({ leads, filter, agents, queues, onChange }: FiltersProps) => {
  const { t } = useTranslation();
  const directions = DIRECTIONS.map((value) => ({ value, label: t(`call.direction.${value}`) }));
  return (
    <>
      <DatePicker.RangePicker
        disabledDate={(day) => day.isAfter(dayjs(), 'day')}
        value={filter.days ? [...filter.days] : null}
        placeholder={[t('history.from'), t('history.to')]}
        onChange={(days) => onChange({ days: days?.[0] && days[1] ? [days[0], days[1]] : undefined })}
      />
      <Input
        className="history-search"
        prefix={<SearchOutlined />}
        allowClear
        maxLength={32}
        placeholder={t('history.search')}
        aria-label={t('history.search')}
        value={filter.number}
        onChange={(event) => onChange({ number: event.target.value })}
        data-testid="recordings-number"
      />
      <Input
        className="history-search"
        allowClear
        maxLength={64}
        placeholder={t('recordings.trunk')}
        aria-label={t('recordings.trunk')}
        value={filter.trunkId}
        onChange={(event) => onChange({ trunkId: event.target.value })}
      />
      {leads && (
        <Select
          className="history-outcome"
          aria-label={t('recordings.agents')}
          value={filter.agentId}
          options={[{ value: '', label: t('history.anyAgent') }, ...agents]}
          onChange={(agentId) => onChange({ agentId })}
        />
      )}
      <Select
        className="history-outcome"
        aria-label={t('recordings.queue')}
        value={filter.queueId}
        options={[{ value: '', label: t('history.anyQueue') }, ...queues]}
        onChange={(queueId) => onChange({ queueId })}
      />
      <Select<Filter['direction']>
        className="history-outcome"
        aria-label={t('recordings.direction')}
        value={filter.direction}
        options={[{ value: '', label: t('recordings.anyDirection') }, ...directions]}
        onChange={(direction) => onChange({ direction })}
      />
      <Checkbox checked={filter.held} onChange={(event) => onChange({ held: event.target.checked })}>
        {t('recordings.held')}
      </Checkbox>
    </>
  );
};

export const RecordingsPage = ({ leads }: { readonly leads: boolean }) => {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(NO_FILTER);
  const recordings = useRecordings(queryOf(useDebounced(filter)));
  const { agents, queues, names } = useChoices(leads);
  const change = (changed: Partial<Filter>): void => setFilter((former) => ({ ...former, ...changed }));
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('recordings.title')}</h1>
        <p>{t('recordings.hint')}</p>
      </header>
      <section className="history panel" aria-label={t('recordings.title')}>
        <header className="history-head">
          <div className="history-filters history-filters-wide">
            <Filters leads={leads} filter={filter} agents={agents} queues={queues} onChange={change} />
          </div>
          <Button
            type="text"
            icon={<ReloadOutlined />}
            aria-label={t('history.refresh')}
            title={t('history.refresh')}
            onClick={recordings.reload}
          />
        </header>
        <RecordingsTable recordings={recordings} names={names} leads={leads} />
      </section>
    </div>
  );
};
