/** The calls as a table; one row at a time can be opened to show its details and play its recording. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';
import { ListState } from '../lists/list-state';
import { HistoryRow } from './history-row';
import type { History } from './use-history';

interface HistoryTableProps {
  readonly history: History;
  readonly filtered: boolean;
  readonly withAgent?: boolean;
  readonly withDay?: boolean;
}

/** Which row is open, and whether it was opened to play. */
export interface OpenRow {
  readonly id: string;
  readonly playing: boolean;
}

export const HistoryTable = ({ history, filtered, withAgent = false, withDay = false }: HistoryTableProps) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState<OpenRow>();
  const toggle = (row: OpenRow): void =>
    setOpen((former) => (former?.id === row.id && former.playing === row.playing ? undefined : row));
  const columns = 7 + (withAgent ? 1 : 0);
  return (
    <ListState
      pages={history}
      failed={(error) => t('history.failed', { message: faultText(error, t) })}
      empty={filtered ? t('history.emptyFiltered') : t('history.empty')}
    >
      <table className="list-table history-table">
        <thead>
          <tr>
            <th scope="col" className="column-time">
              {t('history.time')}
            </th>
            <th scope="col">{t('history.number')}</th>
            <th scope="col">{t('history.queue')}</th>
            {withAgent && <th scope="col">{t('history.agent')}</th>}
            <th scope="col" className="column-figure">
              {t('history.duration')}
            </th>
            <th scope="col" className="column-outcome">
              {t('history.outcome')}
            </th>
            <th scope="col" className="column-actions">
              <span className="visually-hidden">{t('history.recording')}</span>
            </th>
            <th scope="col" className="column-more">
              <span className="visually-hidden">{t('history.details')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {history.items.map((interaction) => (
            <HistoryRow
              key={interaction.id}
              interaction={interaction}
              open={open?.id === interaction.id ? open : undefined}
              columns={columns}
              withAgent={withAgent}
              withDay={withDay}
              onToggle={toggle}
            />
          ))}
        </tbody>
      </table>
    </ListState>
  );
};
