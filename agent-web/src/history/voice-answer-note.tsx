/** How long the caller waited for the first voice. */
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';

export const VoiceAnswerNote = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const { voiceAnswer } = interaction;
  if (!voiceAnswer) return null;
  const { waitMs, late } = voiceAnswer;
  return (
    <p className="details-note" data-testid="voice-answer">
      <span className="details-label">{t('history.voiceAnswer.title')}</span>
      <span>
        {waitMs === undefined
          ? t('history.voiceAnswer.never')
          : t('history.voiceAnswer.after', { seconds: (waitMs / 1000).toFixed(1) })}
      </span>
      {late && waitMs !== undefined && <strong>{t('history.voiceAnswer.late')}</strong>}
    </p>
  );
};
