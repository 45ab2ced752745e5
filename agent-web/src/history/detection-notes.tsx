/** Which parties were heard to be persons, answering machines or fax machines. */
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { formatDuration } from '../i18n/format';

export const DetectionNotes = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const { detections = [], startedAtMs } = interaction;
  if (detections.length === 0) return null;
  return (
    <div className="details-note" data-testid="detection-notes">
      <span className="details-label">{t('detection.title')}</span>
      {detections.map(({ atMs, role, id, heard }) => (
        <span key={`${atMs}-${id}-${heard}`}>
          <span className="figures">{formatDuration(Math.max(0, atMs - startedAtMs))}</span>{' '}
          {t(`detection.${role === 'called' ? 'called' : 'caller'}.${heard}`, { id })}
        </span>
      ))}
    </div>
  );
};
