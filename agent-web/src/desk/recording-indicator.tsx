/** How a call is recorded, with the time that a pause or a mask has left. */
import { useTranslation } from 'react-i18next';
import type { RecordingState } from '../../../api/contract/common';
import { formatDuration } from '../i18n/format';
import { useServerNow } from './use-now';
import './recording-bar.css';

/** More stars tell nobody more. */
const MAX_STARS = 24;

/** Rounded up: the last second shows 0:01. */
const Countdown = ({ untilMs }: { readonly untilMs: number }) => {
  const nowMs = useServerNow(250);
  const leftMs = Math.max(0, Math.ceil((untilMs - nowMs) / 1000) * 1000);
  return (
    <span className="figures" aria-hidden="true" data-testid="recording-countdown">
      {formatDuration(leftMs)}
    </span>
  );
};

export const RecordingIndicator = ({ state, untilMs, keys }: RecordingState) => {
  const { t } = useTranslation();
  return (
    <span className={`recording-state recording-${state}`} data-testid="call-recording" data-state={state}>
      <span className="recording-dot" />
      <span role="status" title={state === 'masked' ? t('recording.maskedHint') : undefined}>
        {t(`recording.state.${state}`)}
      </span>
      {untilMs !== undefined && <Countdown untilMs={untilMs} />}
      {keys !== undefined && keys > 0 && (
        <span role="img" aria-label={t('recording.keys', { count: keys })} data-testid="recording-keys">
          {'*'.repeat(Math.min(keys, MAX_STARS))}
        </span>
      )}
    </span>
  );
};
