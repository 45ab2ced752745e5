/** For supervisors: what stands, how all queues are now, and what they have done. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../api/contract/common';
import type { QueueReport } from '../../../api/contract/watch';
import { readQueueReport } from '../api/watch';
import { useDeskState } from '../desk/desk-context';
import { useServerNow } from '../desk/use-now';
import { faultText } from '../i18n/fault-text';
import { formatDuration, startOfDay } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { StandingAlarms } from './standing-alarms';
import { figuresFor, percentText, SPANS } from './wallboard-figures';
import type { Span } from './wallboard-figures';
import './wallboard.css';

const TODAY_EVERY_MS = 15_000;
const DAY_MS = 86_400_000;

const duration = (ms: number | undefined): string => (ms === undefined ? '–' : formatDuration(ms));

const NOW_COLUMNS = ['waiting', 'oldest', 'signedIn', 'ready', 'busy'] as const;
const DONE_COLUMNS = [
  'offered',
  'answered',
  'abandoned',
  'diverted',
  'serviceLevel',
  'abandonment',
  'speed',
  'handling',
  'longest',
] as const;

interface RowProps {
  readonly queue: QueueView;
  readonly today: QueueReport['items'] | undefined;
}

const Row = ({ queue, today }: RowProps) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const figures = figuresFor(queue, today);
  const { oldestWaitingSinceMs, agentsSignedIn = 0 } = queue;
  const oldestMs = oldestWaitingSinceMs === undefined ? undefined : nowMs - oldestWaitingSinceMs;
  return (
    <tr data-testid="wallboard-row" data-queue={queue.queueId}>
      <th scope="row">
        {localName(queue.name, queue.nameZh)}
        {queue.closed && <span className="wallboard-closed">{t('queues.closed')}</span>}
      </th>
      <td className={`figures wallboard-waiting${queue.waiting > 0 ? ' tone-ringing' : ''}`}>{queue.waiting}</td>
      <td className="figures">{duration(oldestMs)}</td>
      <td className={`figures${agentsSignedIn === 0 ? ' wallboard-nobody' : ''}`}>{agentsSignedIn}</td>
      <td className="figures">{queue.agentsReady}</td>
      <td className="figures">{queue.agentsBusy}</td>
      <td className="figures wallboard-first" data-testid="wallboard-offered">
        {figures.offered}
      </td>
      <td className="figures" data-testid="wallboard-answered">
        {figures.answered}
      </td>
      <td className="figures">{figures.abandoned}</td>
      <td className="figures">{figures.diverted}</td>
      <td className="figures wallboard-level" data-testid="wallboard-level">
        {percentText(figures.serviceLevel)}
      </td>
      <td className="figures">{percentText(figures.abandonment)}</td>
      <td className="figures">{duration(figures.averageSpeedOfAnswerMs)}</td>
      <td className="figures">{duration(figures.averageHandleMs)}</td>
      <td className="figures">{duration(figures.offered > 0 ? figures.longestWaitMs : undefined)}</td>
    </tr>
  );
};

/** Since midnight where the reader is; undefined while that is not asked for. */
const useToday = (span: Span): { readonly items: QueueReport['items'] | undefined; readonly error: Error | null } => {
  const midnightMs = startOfDay(useServerNow(60_000));
  const { data, error } = useQuery({
    queryKey: ['queue-report', midnightMs],
    queryFn: () => readQueueReport(midnightMs, midnightMs + DAY_MS),
    refetchInterval: TODAY_EVERY_MS,
    enabled: span === 'today',
  });
  return { items: span === 'today' ? (data ?? []) : undefined, error };
};

export const WallboardPage = () => {
  const { t } = useTranslation();
  const { queues, loaded } = useDeskState();
  const [span, setSpan] = useState<Span>('half-hour');
  const { items: today, error } = useToday(span);
  return (
    <div className="page">
      <header className="page-head wallboard-head">
        <div>
          <h1>{t('wallboard.title')}</h1>
          <p>{t('wallboard.hint')}</p>
        </div>
        <Segmented<Span>
          value={span}
          onChange={setSpan}
          options={SPANS.map((value) => ({ value, label: t(`wallboard.span.${value}`) }))}
          data-testid="wallboard-span"
        />
      </header>
      <StandingAlarms />
      {error && <Alert type="error" showIcon title={t('wallboard.notRead', { message: faultText(error, t) })} />}
      <section className="wallboard panel" aria-label={t('wallboard.title')}>
        <table className="wallboard-table">
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                {t('wallboard.queue')}
              </th>
              <th scope="colgroup" colSpan={NOW_COLUMNS.length} className="wallboard-group">
                {t('wallboard.now')}
              </th>
              <th scope="colgroup" colSpan={DONE_COLUMNS.length} className="wallboard-group wallboard-first">
                {t(`wallboard.span.${span}`)}
              </th>
            </tr>
            <tr>
              {NOW_COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`wallboard.${column}`)}
                </th>
              ))}
              {DONE_COLUMNS.map((column, place) => (
                <th key={column} scope="col" className={place === 0 ? 'wallboard-first' : undefined}>
                  {t(`wallboard.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <Row key={queue.queueId} queue={queue} today={today} />
            ))}
          </tbody>
        </table>
        {queues.length === 0 && <p className="wallboard-none">{loaded ? t('wallboard.none') : t('app.loading')}</p>}
      </section>
    </div>
  );
};
