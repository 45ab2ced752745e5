/** How loud each party was, from the beginning to the end: one band for each channel. A click goes there. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readPeaks } from '../api/recordings';

const POINTS = 600;
const BAND_HEIGHT = 32;

const bandPath = (peaks: readonly number[], middle: number): string =>
  peaks
    .map((peak, index) => {
      const half = Math.max(0.5, (peak * BAND_HEIGHT) / 2);
      return `M${index} ${(middle - half).toFixed(1)}V${(middle + half).toFixed(1)}`;
    })
    .join('');

interface OutlineProps {
  readonly recordingId: string;
  /** 0 to 1. */
  readonly position: number;
  readonly onSeek: (position: number) => void;
}

export const Outline = ({ recordingId, position, onSeek }: OutlineProps) => {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['recording-peaks', recordingId],
    queryFn: () => readPeaks(recordingId, POINTS),
    staleTime: Infinity,
    retry: false,
  });
  if (!data) return <div className="outline outline-empty" />;
  const width = Math.max(1, ...data.channels.map(({ length }) => length));
  const height = data.channels.length * BAND_HEIGHT;
  return (
    <svg
      className="outline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('recordings.outline')}
      data-testid="recording-outline"
      onClick={({ currentTarget, clientX }) => {
        const { left, width: shown } = currentTarget.getBoundingClientRect();
        onSeek(Math.min(1, Math.max(0, (clientX - left) / shown)));
      }}
    >
      {data.channels.map((peaks, channel) => (
        <path key={channel} className={`outline-${channel}`} d={bandPath(peaks, (channel + 0.5) * BAND_HEIGHT)} />
      ))}
      <line className="outline-now" x1={position * width} x2={position * width} y1={0} y2={height} />
    </svg>
  );
};
