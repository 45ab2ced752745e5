/** Plays one recording, both parties on their own channels, and offers it for download. */
import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { recordingPath } from '../api/resources';
import { formatDuration } from '../i18n/format';
import { channelsOf } from './interaction-facts';
import { Waveform } from './waveform';

export interface RecordingPlayerProps {
  readonly interactionId: string;
  readonly recording: Recording;
  readonly autoPlay: boolean;
}

type Recording = InteractionView['recordings'][number];

/** Where it is silent on purpose, by its own time. */
const Silences = ({ recording }: { readonly recording: Recording }) => {
  const { t } = useTranslation();
  const { silences = [], startedAtMs, durationMs } = recording;
  if (silences.length === 0) return null;
  return (
    <ul className="player-silences" data-testid="recording-silences">
      {silences.map(({ kind, fromMs, toMs = startedAtMs + durationMs }) => (
        <li key={fromMs}>
          {t(`history.silence.${kind}`, {
            from: formatDuration(Math.max(0, fromMs - startedAtMs)),
            to: formatDuration(Math.max(0, toMs - startedAtMs)),
          })}
        </li>
      ))}
    </ul>
  );
};

export const RecordingPlayer = ({ interactionId, recording, autoPlay }: RecordingPlayerProps) => {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [broken, setBroken] = useState(false);
  const [played, setPlayed] = useState(0);
  const path = recordingPath(interactionId, recording.n);
  const [left, right] = channelsOf(recording.channels);

  useEffect(() => {
    // A browser may refuse to start by itself; the controls are there then.
    if (autoPlay) audio.current?.play().catch(() => undefined);
  }, [autoPlay]);

  const seek = (share: number): void => {
    const element = audio.current;
    if (!element || !Number.isFinite(element.duration)) return;
    element.currentTime = share * element.duration;
    element.play().catch(() => undefined);
  };

  return (
    <div className="player">
      <audio
        ref={audio}
        controls
        preload="metadata"
        src={path}
        onError={() => setBroken(true)}
        onTimeUpdate={({ currentTarget: { currentTime, duration } }) =>
          setPlayed(duration > 0 ? currentTime / duration : 0)
        }
        aria-label={t('history.recording')}
        data-testid="recording-audio"
      />
      <Button
        icon={<DownloadOutlined />}
        href={path}
        download={`${interactionId}-${recording.n}.wav`}
        aria-label={t('history.download')}
        title={t('history.download')}
        data-testid="recording-download"
      />
      <span className="player-line" role={broken ? 'alert' : undefined}>
        {broken
          ? t('history.playFailed')
          : left && right
            ? t('history.channels', { left: t(`history.channel.${left}`), right: t(`history.channel.${right}`) })
            : ''}
      </span>
      {recording.id !== undefined && !broken && (
        <Waveform
          recordingId={recording.id}
          sizeBytes={recording.sizeBytes}
          parties={channelsOf(recording.channels).map((channel) => t(`history.channel.${channel}`))}
          played={played}
          onSeek={seek}
        />
      )}
      <Silences recording={recording} />
    </div>
  );
};
