/** Recordings as a table; one at a time is open to be heard. */
import { CaretRightFilled, LockOutlined, UpOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingView } from '../../../api/contract/recordings';
import { currentLanguage } from '../i18n';
import { faultText } from '../i18n/fault-text';
import { formatClock, formatDay, formatDuration } from '../i18n/format';
import { formatNumber } from '../i18n/phone-number';
import { RecordingListener } from './recording-listener';
import type { Recordings } from './use-recordings';

/** What agents and queues are called. */
export interface Names {
  agent(agentId: string): string;
  queue(queueId: string): string;
}

interface RowProps {
  readonly recording: RecordingView;
  readonly names: Names;
  readonly leads: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

const COLUMNS = 8;

const RecordingRow = ({ recording, names, leads, isOpen, onToggle }: RowProps) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const { startedAtMs, durationMs, caller, called, agentIds, queueId, trunkId, state, hold } = recording;
  const canBeHeard = state === 'new' || state === 'kept';
  const label = t(isOpen ? 'history.stop' : 'history.play');
  return (
    <>
      <tr className={isOpen ? 'row-open' : ''} data-testid="recording-row" data-recording={recording.id}>
        <td className="figures column-time">
          {formatDay(startedAtMs, language)} {formatClock(startedAtMs, language)}
        </td>
        <td className="figures">{caller ? formatNumber(caller) : t('call.unknownNumber')}</td>
        <td className="figures">{formatNumber(called)}</td>
        <td>{agentIds.map(names.agent).join(', ') || '–'}</td>
        <td>{queueId === undefined ? '–' : names.queue(queueId)}</td>
        <td>{trunkId ?? '–'}</td>
        <td className="figures column-figure">{durationMs > 0 ? formatDuration(durationMs) : '…'}</td>
        <td className="column-actions">
          {hold && <LockOutlined title={t('recordings.held')} />}
          {canBeHeard ? (
            <Button
              size="small"
              shape="circle"
              type={isOpen ? 'primary' : 'default'}
              icon={isOpen ? <UpOutlined /> : <CaretRightFilled />}
              aria-label={label}
              aria-expanded={isOpen}
              title={label}
              onClick={onToggle}
              data-testid="recording-play"
            />
          ) : (
            t(`recordings.state.${state}`)
          )}
        </td>
      </tr>
      {isOpen && (
        <tr className="row-details">
          <td colSpan={COLUMNS}>
            <RecordingListener recording={recording} leads={leads} />
          </td>
        </tr>
      )}
    </>
  );
};

const HEADINGS = ['time', 'caller', 'called', 'agents', 'queue', 'trunk', 'duration'] as const;

interface RecordingsTableProps {
  readonly recordings: Recordings;
  readonly names: Names;
  readonly leads: boolean;
}

export const RecordingsTable = ({ recordings, names, leads }: RecordingsTableProps) => {
  const { t } = useTranslation();
  const [openId, setOpenId] = useState<string>();
  const { items, error, loading, hasMore, loadingMore } = recordings;
  return (
    <div className="history-scroll">
      {error && <Alert type="error" showIcon title={t('recordings.failed', { message: faultText(error, t) })} />}
      <table className="history-table">
        <thead>
          <tr>
            {HEADINGS.map((heading) => (
              <th key={heading} scope="col">
                {t(`recordings.${heading}`)}
              </th>
            ))}
            <th scope="col" className="column-actions">
              <span className="visually-hidden">{t('history.recording')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((recording) => (
            <RecordingRow
              key={recording.id}
              recording={recording}
              names={names}
              leads={leads}
              isOpen={openId === recording.id}
              onToggle={() => setOpenId((former) => (former === recording.id ? undefined : recording.id))}
            />
          ))}
        </tbody>
      </table>
      {items.length === 0 && !error && (
        <p className="history-empty">{loading ? t('app.loading') : t('recordings.empty')}</p>
      )}
      {hasMore && (
        <div className="history-more">
          <Button size="small" loading={loadingMore} onClick={recordings.loadMore}>
            {t('history.more')}
          </Button>
        </div>
      )}
    </div>
  );
};
