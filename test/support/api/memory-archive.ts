/** An index of recordings in memory, with a manifest that says nothing. */
import { ok } from '../../../base/result';
import type { RecordingArchive } from '../../../api/ports';
import type { RecordingFilter } from '../../../store/recordings/recording-index';
import type { StoredRecording } from '../../../store/recordings/stored-recording';

export interface MemoryArchive extends RecordingArchive {
  readonly recordings: StoredRecording[];
  readonly filters: RecordingFilter[];
}

export const memoryArchive = (): MemoryArchive => {
  const recordings: StoredRecording[] = [];
  const filters: RecordingFilter[] = [];
  return {
    recordings,
    filters,
    get: (recordingId) => Promise.resolve(recordings.find(({ _id }) => _id === recordingId)),
    list: (filter) => {
      filters.push(filter);
      const { agentId } = filter;
      return Promise.resolve(
        ok({ items: recordings.filter(({ agentIds }) => !agentId || agentIds.some((id) => id === agentId)) }),
      );
    },
    setHold: (recordingId, hold) => {
      const at = recordings.findIndex(({ _id, state }) => _id === recordingId && state !== 'deleted');
      if (at < 0) return Promise.resolve(false);
      recordings[at] = { ...(recordings[at] as StoredRecording), hold };
      return Promise.resolve(true);
    },
    setHeard: (recordingId, heard) => {
      const at = recordings.findIndex(({ _id, isMessage }) => _id === recordingId && isMessage);
      if (at < 0) return Promise.resolve(false);
      recordings[at] = { ...(recordings[at] as StoredRecording), heard };
      return Promise.resolve(true);
    },
    verify: () => Promise.resolve({ entries: 0, files: 0, faults: [] }),
    manifest: () => Promise.resolve([]),
  };
};
