/** The outline of a recording, one line for each party; a click goes to that place. */
import { useQuery } from '@tanstack/react-query';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { readPeaks } from '../api/recordings';

interface WaveformProps {
  readonly recordingId: string;
  /** Changes while the recording grows. */
  readonly version: number;
  /** The names of the parties, top to bottom. */
  readonly parties: readonly string[];
  /** How much has been played, 0 to 1. */
  readonly played: number;
  readonly onSeek: (share: number) => void;
}

const POINTS = 400;
/** Of one party's line, in the units of the drawing. */
const LINE_HEIGHT = 24;
/** Speech is seldom loud: its square root shows what was said softly as well. */
const heightOf = (peak: number): number => Math.max(0.5, Math.sqrt(peak) * (LINE_HEIGHT / 2 - 1));

const outlineOf = (peaks: readonly number[], middle: number): string =>
  peaks.map((peak, at) => `M${at + 0.5} ${middle - heightOf(peak)}V${middle + heightOf(peak)}`).join('');

export const Waveform = ({ recordingId, version, parties, played, onSeek }: WaveformProps) => {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['peaks', recordingId, version],
    queryFn: () => readPeaks(recordingId, POINTS),
    staleTime: Infinity,
    retry: false,
  });
  const channels = data?.channels ?? [];
  const width = channels[0]?.length ?? 0;
  // The player works without it.
  if (width === 0) return null;
  const height = LINE_HEIGHT * channels.length;
  const seek = (event: MouseEvent<SVGSVGElement>): void => {
    const { left, width: shown } = event.currentTarget.getBoundingClientRect();
    onSeek(Math.max(0, Math.min(1, (event.clientX - left) / shown)));
  };
  return (
    <div className="waveform" data-testid="recording-waveform">
      <ul className="waveform-parties">
        {parties.map((party, channel) => (
          <li key={channel}>{party}</li>
        ))}
      </ul>
      {/* The controls of the player do the same by keyboard. */}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('history.waveform')}
        onClick={seek}
      >
        {channels.map((peaks, channel) => (
          <path
            key={channel}
            className={`waveform-line waveform-line-${channel}`}
            d={outlineOf(peaks, LINE_HEIGHT * (channel + 0.5))}
          />
        ))}
        <rect className="waveform-played" width={played * width} height={height} />
      </svg>
    </div>
  );
};
