/** Which supervisors were with a call, and how. */
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { formatDuration } from '../i18n/format';

export const SupervisionNotes = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const { supervisions = [], startedAtMs } = interaction;
  if (supervisions.length === 0) return null;
  const timeOf = (atMs: number): string => formatDuration(Math.max(0, atMs - startedAtMs));
  return (
    <div className="details-note" data-testid="supervision-notes">
      <span className="details-label">{t('history.supervision')}</span>
      {supervisions.map(({ userName, displayName, startedAtMs: fromMs, endedAtMs, modes, interceptedAtMs }) => (
        <span key={`${userName}-${fromMs}`}>
          <strong>{displayName}</strong>{' '}
          {[
            ...modes.map(({ atMs, mode }) => `${timeOf(atMs)} ${t(`supervision.mode.${mode}`)}`),
            ...(interceptedAtMs === undefined ? [] : [`${timeOf(interceptedAtMs)} ${t('history.tookOver')}`]),
            ...(endedAtMs === undefined || interceptedAtMs !== undefined
              ? []
              : [`${timeOf(endedAtMs)} ${t('history.leftCall')}`]),
          ].join(' · ')}
        </span>
      ))}
    </div>
  );
};
