/** How each leg of a call has sounded, and when somebody was not heard. */
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { formatDuration } from '../i18n/format';

export const QualityNotes = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const { quality = [], soundFaults = [], startedAtMs } = interaction;
  if (quality.length === 0 && soundFaults.length === 0) return null;
  return (
    <div className="details-note" data-testid="quality-notes">
      <span className="details-label">{t('quality.title')}</span>
      {quality.flatMap(({ role, fromMs, codec, heard, sent }) =>
        ([['heard', heard] as const, ['sent', sent] as const] as const).flatMap(([way, figures]) =>
          figures ? (
            <span key={`${role}-${fromMs}-${way}`}>
              {t(`quality.summary.${way}`, {
                ...{ party: t(`quality.party.${role}`), codec: codec ?? '' },
                ...{ mean: figures.meanMos.toFixed(1), worst: figures.worstMos.toFixed(1), poor: figures.poorPercent },
                ...{ lost: figures.lost, packets: figures.packets + figures.lost },
                ...{ jitter: Math.round(figures.jitterMs), roundTrip: figures.roundTripMs ?? '–' },
              })}
            </span>
          ) : (
            []
          ),
        ),
      )}
      {soundFaults.map(({ atMs, endedAtMs, role, kind }) => (
        <span key={`${atMs}-${role}`}>
          <span className="figures">{formatDuration(Math.max(0, atMs - startedAtMs))}</span>{' '}
          {t(`quality.past.${kind}`, { party: t(`quality.party.${role}`) })}
          {endedAtMs !== undefined && ` (${formatDuration(endedAtMs - atMs)})`}
        </span>
      ))}
    </div>
  );
};
