import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { formatDuration } from '../i18n/format';
import { DecisionPanel } from './decision-panel';
import { SignallingPanel } from '../signalling/signalling-panel';
import { DetectionNotes } from './detection-notes';
import { KeptRecording } from './kept-recording';
import { outcomeText } from './outcome-text';
import { QualityNotes } from '../quality/quality-notes';
import { QueueNotes } from './queue-notes';
import { RecordingNotes } from './recording-notes';
import { VoiceAnswerNote } from './voice-answer-note';
import { SupervisionNotes } from './supervision-notes';

interface InteractionDetailsProps {
  readonly interaction: InteractionView;
  /** Begin to play the first recording at once. */
  readonly playing: boolean;
}

export const InteractionDetails = ({ interaction, playing }: InteractionDetailsProps) => {
  const { t } = useTranslation();
  const { recordings, segments, wrapUp } = interaction;
  return (
    <div className="details">
      {recordings.map((recording, index) => (
        <KeptRecording
          key={recording.n}
          interaction={interaction}
          recording={recording}
          autoPlay={playing && index === 0}
        />
      ))}
      <RecordingNotes interaction={interaction} />
      <QueueNotes interaction={interaction} />
      <SupervisionNotes interaction={interaction} />
      <VoiceAnswerNote interaction={interaction} />
      <DetectionNotes interaction={interaction} />
      <QualityNotes interaction={interaction} />
      <ol className="details-segments" aria-label={t('history.details')}>
        {segments.map((segment) => (
          <li key={`${segment.kind}-${segment.startedAtMs}`} className={`segment-${segment.kind}`}>
            <span>{t(`history.segment.${segment.kind}`)}</span>
            <span className="figures">
              {segment.endedAtMs === undefined ? '…' : formatDuration(segment.endedAtMs - segment.startedAtMs)}
            </span>
          </li>
        ))}
      </ol>
      {interaction.outcome && (
        <p className="details-note" data-testid="history-ended">
          <span className="details-label">{t('history.ended')}</span>
          <span>{outcomeText(interaction.outcome, t)}</span>
        </p>
      )}
      {interaction.contactId !== undefined && <DecisionPanel contactId={interaction.contactId} />}
      <SignallingPanel interactionId={interaction.id} ended={interaction.endedAtMs !== undefined} />
      <p className="details-note">
        <span className="details-label">{t('history.note')}</span>
        {wrapUp?.disposition && <strong>{t(`wrapUp.dispositions.${wrapUp.disposition}`)}</strong>}
        <span>{wrapUp?.note || t('history.noNote')}</span>
      </p>
    </div>
  );
};
