/** Deletes recordings whose time is over, a bounded number at a time. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import type { AuditStore } from '../audit';
import type { RecordingManifest } from './manifest';
import type { RecordingIndex } from './recording-index';
import type { RecordingStorage } from './storage';
import type { StoredRecording } from './stored-recording';

const BATCH = 100;
/** In the audit, where a user's name stands otherwise. */
const BY_RULE = 'retention';

export interface DeletionDependencies {
  readonly index: RecordingIndex;
  readonly manifest: Pick<RecordingManifest, 'append'>;
  readonly storages: readonly RecordingStorage[];
  readonly audit: Pick<AuditStore, 'write'>;
  /** Of recordings about which nothing else is said; undefined: for ever. */
  readonly retentionDays: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** @returns how many were deleted; what could not be is tried again the next time. */
export const deleteExpired = async (deps: DeletionDependencies): Promise<number> => {
  const { index, clock, retentionDays, log } = deps;
  let deleted = 0;
  for (const recording of await index.listExpired(clock.nowMs(), retentionDays, BATCH)) {
    // Somebody may hold it since the list was read; from here on nobody can.
    if (!(await index.beginDeletion(recording._id, clock.nowMs()))) continue;
    try {
      await deleteOne(deps, recording);
      deleted += 1;
    } catch (error) {
      log.error({ recordingId: recording._id, reason: messageOf(error) }, 'a recording could not be deleted');
      await index.abandonDeletion(recording._id);
    }
  }
  return deleted;
};

const deleteOne = async (deps: DeletionDependencies, recording: StoredRecording): Promise<void> => {
  const { index, manifest, storages, audit, clock } = deps;
  const { _id, interactionId, path, key = path, fileBytes = 0, sha256 = '', startedAtMs, durationMs } = recording;
  for (const storage of storages) await storage.remove(key);
  const atMs = clock.nowMs();
  await manifest.append({ atMs, kind: 'deleted', recordingId: _id, key, fileBytes, sha256, startedAtMs, durationMs });
  await index.deleted(_id, atMs);
  const detail = { interactionId, recordingId: _id, recordedAt: new Date(startedAtMs).toISOString() };
  await audit.write({ atMs, action: 'recording-deleted', userName: BY_RULE, address: '', detail });
};
