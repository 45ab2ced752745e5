import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../api/contract/common';
import { formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { useDeskState } from './desk-context';
import { useServerNow } from './use-now';
import './queue-tiles.css';

/** From here on a caller has waited long enough that somebody should look. */
export const LONG_WAIT_MS = 60_000;

const QueueTile = ({ queue }: { readonly queue: QueueView }) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const name = localName(queue.name, queue.nameZh);
  const oldestMs = queue.oldestWaitingSinceMs === undefined ? undefined : nowMs - queue.oldestWaitingSinceMs;
  const tone = oldestMs !== undefined && oldestMs >= LONG_WAIT_MS ? 'tone-danger' : 'tone-ringing';
  return (
    <article className={`queue-tile panel ${queue.waiting > 0 ? `queue-busy ${tone}` : ''}`} data-testid="queue-tile">
      <h3 title={name}>
        {name}
        {queue.closed && <span className="queue-closed">{t('queues.closed')}</span>}
      </h3>
      <dl>
        <div className="queue-waiting">
          <dt>{t('queues.waiting')}</dt>
          <dd className="figures" data-testid="queue-waiting">
            {queue.waiting}
          </dd>
        </div>
        <div>
          <dt>{t('queues.oldest')}</dt>
          <dd className="figures queue-oldest">{oldestMs === undefined ? '–' : formatDuration(oldestMs)}</dd>
        </div>
        <div>
          <dt>{t('queues.ready')}</dt>
          <dd className="figures">{queue.agentsReady}</dd>
        </div>
        <div>
          <dt>{t('queues.busy')}</dt>
          <dd className="figures">{queue.agentsBusy}</dd>
        </div>
      </dl>
    </article>
  );
};

export const QueueTiles = () => {
  const { t } = useTranslation();
  const { queues, loaded } = useDeskState();
  return (
    <section className="queue-tiles" aria-label={t('queues.title')} tabIndex={queues.length > 3 ? 0 : undefined}>
      {queues.map((queue) => (
        <QueueTile key={queue.queueId} queue={queue} />
      ))}
      {queues.length === 0 && <p className="queue-none panel">{loaded ? t('queues.none') : ''}</p>}
    </section>
  );
};
