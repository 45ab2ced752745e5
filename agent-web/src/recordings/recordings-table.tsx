/** Recordings as a table; one at a time is open to be heard. */
import { CaretRightFilled, LockOutlined, MailFilled, MailOutlined, UpOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingView } from '../../../api/contract/recordings';
import { DirectionIcon } from '../history/direction-icon';
import { currentLanguage } from '../i18n';
import { faultText } from '../i18n/fault-text';
import { formatClock, formatDay, formatDuration } from '../i18n/format';
import { formatNumber } from '../i18n/phone-number';
import { ListState } from '../lists/list-state';
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

const HEADINGS = ['time', 'caller', 'called', 'agents', 'queue', 'trunk', 'duration'] as const;
const COLUMN_KINDS: Partial<Record<(typeof HEADINGS)[number], string>> = { time: 'time', duration: 'figure' };

/** One that nobody has heard yet must be seen. */
const MessageIcon = ({ isNew }: { readonly isNew: boolean }) => {
  const { t } = useTranslation();
  const label = t(isNew ? 'recordings.newMessage' : 'recordings.heardMessage');
  const about = { role: 'img', 'aria-label': label, title: label, 'data-testid': 'recording-message' };
  return isNew ? <MailFilled className="message-new" {...about} /> : <MailOutlined {...about} />;
};

/** Plays it, or says why that cannot be. */
const RowEnd = ({ recording, isOpen, onToggle }: Pick<RowProps, 'recording' | 'isOpen' | 'onToggle'>) => {
  const { t } = useTranslation();
  const { state, hold, deletedAtMs, isMessage, heard } = recording;
  const label = t(isOpen ? 'history.stop' : 'history.play');
  const date = deletedAtMs === undefined ? '' : formatDay(deletedAtMs, currentLanguage());
  return (
    <span className="recording-end">
      {isMessage && <MessageIcon isNew={!heard} />}
      {hold && <LockOutlined role="img" aria-label={t('recordings.held')} title={t('recordings.held')} />}
      {state === 'deleted' || state === 'lost' ? (
        <span title={t(`history.recordingGone.${state}`, { date })}>{t(`recordings.state.${state}`)}</span>
      ) : (
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
      )}
    </span>
  );
};

const RecordingRow = ({ recording, names, leads, isOpen, onToggle }: RowProps) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const { startedAtMs, durationMs, direction, caller, called, agentIds, queueId, trunkId } = recording;
  return (
    <>
      <tr className={isOpen ? 'row-open' : ''} data-testid="recording-row" data-recording={recording.id}>
        <td className="figures column-time">
          {formatDay(startedAtMs, language)} {formatClock(startedAtMs, language)}
        </td>
        <td>
          <span className="history-party">
            <DirectionIcon direction={direction} />
            <span className="figures">{caller ? formatNumber(caller) : t('call.unknownNumber')}</span>
          </span>
        </td>
        <td className="figures">{formatNumber(called)}</td>
        <td>{agentIds.map(names.agent).join(', ') || '–'}</td>
        <td>{queueId === undefined ? '–' : names.queue(queueId)}</td>
        <td>{trunkId ?? '–'}</td>
        <td className="figures column-figure">
          {durationMs > 0 ? formatDuration(durationMs) : recording.state === 'new' ? t('history.running') : '–'}
        </td>
        <td className="column-actions">
          <RowEnd recording={recording} isOpen={isOpen} onToggle={onToggle} />
        </td>
      </tr>
      {isOpen && (
        <tr className="row-details">
          <td colSpan={HEADINGS.length + 1}>
            <RecordingListener recording={recording} leads={leads} />
          </td>
        </tr>
      )}
    </>
  );
};

interface RecordingsTableProps {
  readonly recordings: Recordings;
  readonly names: Names;
  readonly leads: boolean;
  /** Whether less than everything is asked for. */
  readonly filtered: boolean;
}

export const RecordingsTable = ({ recordings, names, leads, filtered }: RecordingsTableProps) => {
  const { t } = useTranslation();
  const [openId, setOpenId] = useState<string>();
  return (
    <ListState
      pages={recordings}
      failed={(error) => t('recordings.failed', { message: faultText(error, t) })}
      empty={t(filtered ? 'recordings.emptyFiltered' : 'recordings.empty')}
    >
      <table className="list-table history-table">
        <thead>
          <tr>
            {HEADINGS.map((heading) => (
              <th key={heading} scope="col" className={`column-${COLUMN_KINDS[heading] ?? 'text'}`}>
                {t(`recordings.${heading}`)}
              </th>
            ))}
            <th scope="col" className="column-actions">
              <span className="visually-hidden">{t('history.recording')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {recordings.items.map((recording) => (
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
    </ListState>
  );
};
