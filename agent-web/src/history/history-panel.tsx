/** The desk's list of today's calls. */
import { ReloadOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryQuery } from '../api/resources';
import { useLocalNow } from '../desk/use-now';
import { startOfDay } from '../i18n/format';
import { HistoryTable } from './history-table';
import { useDebounced } from './use-debounced';
import { useHistory } from './use-history';
import { useOutcomeOptions } from './use-outcome-options';
import './history.css';

const PAGE_SIZE = 100;
const DAY_CHECK_MS = 60_000;

export const HistoryPanel = () => {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [result, setResult] = useState<HistoryQuery['result'] | ''>('');
  const outcomes = useOutcomeOptions();
  const fromMs = startOfDay(useLocalNow(DAY_CHECK_MS));
  const search = useDebounced(number.replace(/[^0-9+*#]/g, ''));
  const history = useHistory({ fromMs, limit: PAGE_SIZE, number: search, ...(result ? { result } : {}) });
  return (
    <section className="history panel" aria-label={t('history.today')}>
      <header className="history-head">
        <h2 className="panel-title">{t('history.today')}</h2>
        <div className="history-filters">
          <Input
            className="history-search"
            prefix={<SearchOutlined />}
            allowClear
            maxLength={32}
            placeholder={t('history.search')}
            aria-label={t('history.search')}
            value={number}
            onChange={(event) => setNumber(event.target.value)}
            data-testid="history-search"
          />
          <Select
            className="history-outcome"
            aria-label={t('history.outcome')}
            value={result}
            options={outcomes}
            onChange={setResult}
            data-testid="history-outcome"
          />
          <Button
            type="text"
            icon={<ReloadOutlined />}
            aria-label={t('history.refresh')}
            title={t('history.refresh')}
            onClick={history.reload}
          />
        </div>
      </header>
      <HistoryTable history={history} filtered={search !== '' || result !== ''} />
    </section>
  );
};
