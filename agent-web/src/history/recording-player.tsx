/** One recording of a call: the player, and where it is silent on purpose. */
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { recordingPath } from '../api/recordings';
import { formatDuration } from '../i18n/format';
import { recordingFileName } from '../recordings/file-name';
import { Player } from '../recordings/player';
import { channelsOf, otherPartyOf } from './interaction-facts';

export interface RecordingPlayerProps {
  readonly interaction: InteractionView;
  readonly recording: Recording;
  readonly autoPlay: boolean;
}

type Recording = InteractionView['recordings'][number];

/** By the recording's own time. */
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

export const RecordingPlayer = ({ interaction, recording, autoPlay }: RecordingPlayerProps) => {
  const { number } = otherPartyOf(interaction);
  const { id, n, startedAtMs, sizeBytes, channels } = recording;
  return (
    <>
      <Player
        path={recordingPath(interaction.id, n)}
        fileName={recordingFileName({ startedAtMs, number, n })}
        recordingId={id}
        version={sizeBytes}
        channels={channelsOf(channels)}
        autoPlay={autoPlay}
      />
      <Silences recording={recording} />
    </>
  );
};
