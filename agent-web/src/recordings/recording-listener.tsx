/** One recording of the list is heard, and held from being deleted. */
import type { RecordingView } from '../../../api/contract/recordings';
import { recordingAudioPath } from '../api/recordings';
import { recordingFileName } from './file-name';
import { LegalHold } from './legal-hold';
import { MessageMark } from './message-mark';
import { Player } from './player';

/** The customer's voice is always the first. */
const CHANNELS = ['caller', 'agent'] as const;

interface RecordingListenerProps {
  readonly recording: RecordingView;
  readonly leads: boolean;
}

export const RecordingListener = ({ recording, leads }: RecordingListenerProps) => {
  const { id, n, startedAtMs, durationMs, direction, caller, called } = recording;
  const number = direction === 'inbound' ? caller : called;
  return (
    <div className="recording-listener">
      <Player
        path={recordingAudioPath(id)}
        fileName={recordingFileName({ startedAtMs, number, n })}
        recordingId={id}
        version={durationMs}
        channels={CHANNELS}
        autoPlay
      />
      {leads && recording.isMessage && <MessageMark recording={recording} />}
      {leads && <LegalHold recording={recording} />}
    </div>
  );
};
