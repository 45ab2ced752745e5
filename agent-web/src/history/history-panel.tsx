/** The desk's list of today's calls. */
import { ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalNow } from '../desk/use-now';
import { startOfDay } from '../i18n/format';
import { ChoiceField, NumberField } from '../lists/filter-fields';
import { searchedDigits } from '../lists/filters';
import { useDebounced } from '../lists/use-debounced';
import { HistoryTable } from './history-table';
import { useHistory } from './use-history';
import { useOutcomeChoices } from './use-outcome-choices';
import type { ResultChoice } from './use-outcome-choices';
import '../lists/list-table.css';
import './history.css';

const PAGE_SIZE = 100;
const DAY_CHECK_MS = 60_000;

export const HistoryPanel = () => {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [result, setResult] = useState<ResultChoice | ''>('');
  const outcomes = useOutcomeChoices();
  const fromMs = startOfDay(useLocalNow(DAY_CHECK_MS));
  const search = useDebounced(searchedDigits(number));
  const history = useHistory({ fromMs, limit: PAGE_SIZE, number: search, ...(result ? { result } : {}) });
  return (
    <section className="history panel" aria-label={t('history.today')}>
      <header className="history-head">
        <h2 className="panel-title">{t('history.today')}</h2>
        <div className="history-filters">
          <NumberField typed={number} testId="history-search" onChange={setNumber} />
          <ChoiceField
            label={t('history.outcome')}
            any={t('history.anyOutcome')}
            choices={outcomes}
            chosen={result}
            testId="history-outcome"
            onChange={setResult}
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
