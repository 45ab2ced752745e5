/** Plays one recording, both parties on their own channels, with its outline, and offers it for download. */
import { DownloadOutlined, ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChannelName } from '../history/interaction-facts';
import { Waveform } from './waveform';
import './player.css';

interface PlayerProps {
  /** Of the sound. */
  readonly path: string;
  readonly fileName: string;
  /** Those from before recordings had ids have no outline. */
  readonly recordingId: string | undefined;
  /** Changes while the recording grows. */
  readonly version: number;
  /** Left and right. */
  readonly channels: readonly ChannelName[];
  readonly autoPlay: boolean;
}

export const Player = ({ path, fileName, recordingId, version, channels, autoPlay }: PlayerProps) => {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [broken, setBroken] = useState(false);
  const [played, setPlayed] = useState(0);
  const names = channels.map((channel) => t(`history.channel.${channel}`));
  const [left, right] = names;

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
  const tryAgain = (): void => {
    setBroken(false);
    audio.current?.load();
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
        download={fileName}
        aria-label={t('history.download')}
        title={t('history.download')}
        data-testid="recording-download"
      />
      {broken ? (
        <span className="player-line player-broken" role="alert">
          {t('history.playFailed')}{' '}
          <Button size="small" icon={<ReloadOutlined />} onClick={tryAgain}>
            {t('history.retry')}
          </Button>
        </span>
      ) : (
        <span className="player-line">{left && right ? t('history.channels', { left, right }) : ''}</span>
      )}
      {recordingId !== undefined && !broken && (
        <Waveform recordingId={recordingId} version={version} parties={names} played={played} onSeek={seek} />
      )}
    </div>
  );
};
