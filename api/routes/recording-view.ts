/** A recording as the API shows it. */
import type { StoredRecording } from '../../store/recordings/stored-recording';
import type { RecordingView } from '../contract/recordings';

export const recordingViewOf = (recording: StoredRecording): RecordingView => {
  const { _id, interactionId, n, startedAtMs, durationMs, direction, caller, called, agentIds } = recording;
  const { queueId, trunkId, state, storage, sha256, hold, deletedAtMs, isMessage, heard } = recording;
  return {
    ...{ id: _id, interactionId, n, startedAtMs, durationMs, direction, caller, called, agentIds: [...agentIds] },
    ...{ queueId, trunkId, state, storage, sha256, hold, deletedAtMs, isMessage, heard },
  };
};
