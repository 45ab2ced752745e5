/** A recording of the history: the player, or what has become of it when it cannot be heard any more. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readRecording } from '../api/recordings';
import { currentLanguage } from '../i18n';
import { formatDay } from '../i18n/format';
import { RecordingPlayer } from './recording-player';
import type { RecordingPlayerProps } from './recording-player';

export const KeptRecording = (props: RecordingPlayerProps) => {
  const { t } = useTranslation();
  const { id = '' } = props.recording;
  const { data, isLoading } = useQuery({
    queryKey: ['recording', id],
    queryFn: () => readRecording(id),
    enabled: id !== '',
    retry: false,
  });
  if (isLoading) return null;
  // The player works without it, and says itself what is wrong.
  if (data?.state !== 'deleted' && data?.state !== 'lost') return <RecordingPlayer {...props} />;
  const date = data.deletedAtMs === undefined ? '' : formatDay(data.deletedAtMs, currentLanguage());
  return (
    <p className="details-note" data-testid="recording-gone" data-state={data.state}>
      <span className="details-label">{t('history.recording')}</span>
      <span>{t(`history.recordingGone.${data.state}`, { date })}</span>
    </p>
  );
};
