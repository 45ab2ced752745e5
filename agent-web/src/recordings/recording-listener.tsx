/** One recording is heard: its outline, the player, and the hold that keeps it from being deleted. */
import { DownloadOutlined, LockOutlined, UnlockOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingView } from '../../../api/contract/recordings';
import { holdRecording, recordingAudioPath, releaseRecording } from '../api/recordings';
import { faultText } from '../i18n/fault-text';
import { Outline } from './outline';
import { RECORDINGS_KEY } from './use-recordings';

const SHORTEST_REASON = 3;

/** For those who lead: holds and releases, with the reason that the audit keeps. */
const Hold = ({ recording }: { readonly recording: RecordingView }) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const { id, hold } = recording;
  const change = async (): Promise<void> => {
    try {
      await (hold ? releaseRecording(id, reason.trim()) : holdRecording(id, reason.trim()));
      setReason('');
      await queries.invalidateQueries({ queryKey: [RECORDINGS_KEY] });
    } catch (error) {
      void message.error(t('call.commandFailed', { message: faultText(error, t) }));
    }
  };
  return (
    <span className="recording-hold">
      {hold && <span>{t('recordings.heldBy', { name: hold.byUserName, reason: hold.reason })}</span>}
      <Input
        size="small"
        maxLength={500}
        placeholder={t('recordings.reason')}
        aria-label={t('recordings.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        data-testid="recording-hold-reason"
      />
      <Button
        size="small"
        icon={hold ? <UnlockOutlined /> : <LockOutlined />}
        disabled={reason.trim().length < SHORTEST_REASON}
        onClick={() => void change()}
        data-testid="recording-hold"
      >
        {t(hold ? 'recordings.release' : 'recordings.hold')}
      </Button>
    </span>
  );
};

interface RecordingListenerProps {
  readonly recording: RecordingView;
  readonly leads: boolean;
}

export const RecordingListener = ({ recording, leads }: RecordingListenerProps) => {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [position, setPosition] = useState(0);
  const [broken, setBroken] = useState(false);
  const path = recordingAudioPath(recording.id);
  const follow = (): void => {
    const { currentTime, duration } = audio.current ?? { currentTime: 0, duration: 0 };
    setPosition(duration > 0 ? currentTime / duration : 0);
  };
  const seek = (wanted: number): void => {
    const player = audio.current;
    if (player && Number.isFinite(player.duration)) player.currentTime = wanted * player.duration;
  };
  return (
    <div className="recording-listener">
      <Outline recordingId={recording.id} position={position} onSeek={seek} />
      <div className="recording-listener-line">
        <audio
          ref={audio}
          controls
          autoPlay
          preload="metadata"
          src={path}
          onTimeUpdate={follow}
          onError={() => setBroken(true)}
          aria-label={t('history.recording')}
          data-testid="recording-audio"
        />
        <Button
          icon={<DownloadOutlined />}
          href={path}
          download={`${recording.interactionId}-${recording.n}.wav`}
          aria-label={t('history.download')}
          title={t('history.download')}
        />
        {broken && <span role="alert">{t('history.playFailed')}</span>}
        {leads && <Hold recording={recording} />}
      </div>
    </div>
  );
};
