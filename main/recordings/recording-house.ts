/** Everything that becomes of recordings once they are written: index, manifest, archive, deletion, and what to warn of. */
import type { Alarms } from '../../base/alarms';
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import type { SecretBox } from '../../base/secret-box';
import type { RecordingArchive } from '../../api/ports';
import type { MediaPort } from '../../media/ports';
import type { Store } from '../../store/connect';
import type { Interaction } from '../../store/interaction';
import { deleteExpired } from '../../store/recordings/delete-expired';
import { DiskStorage } from '../../store/recordings/disk-storage';
import { RecordingKeeper } from '../../store/recordings/keep-recordings';
import { RecordingLibrary } from '../../store/recordings/recording-library';
import { S3Storage } from '../../store/recordings/s3-storage';
import { endFaultsOf, verifyRecordings } from '../../store/recordings/verify';
import { s3Of } from '../config/recordings';
import type { RecordingsConfig } from '../config/recordings';
import { DiskWatch } from './disk-watch';
import { Housekeeping } from './housekeeping';
import { failedRecordingAlarm, manifestAlarm, moveFailedAlarm } from './recording-alarms';
import { rewrapKeys, wrappedKeyOf } from './rewrap-keys';

export interface RecordingHouseDependencies {
  readonly store: Store;
  readonly recordingsDir: string;
  readonly config: RecordingsConfig;
  readonly secrets: SecretBox;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface RecordingHouse {
  readonly library: RecordingLibrary;
  readonly archive: RecordingArchive;
  /** To be told whenever an interaction was saved. */
  saved(interaction: Interaction): Promise<void>;
  /** Raises alarms of recordings that fail there. */
  watch(media: Pick<MediaPort, 'onEvent'>): void;
  /** Begins to keep, move and delete. */
  start(): void;
  /** Waits for what is under way. Idempotent. */
  close(): Promise<void>;
}

/** @throws SwitchroomError when the store cannot be read. */
export const openRecordingHouse = async (deps: RecordingHouseDependencies): Promise<RecordingHouse> => {
  const { store, recordingsDir, config, secrets, alarms, clock, log } = deps;
  const disk = new DiskStorage(recordingsDir);
  const s3 = s3Of(config);
  const archive = s3 && new S3Storage({ ...s3, clock });
  const storages = archive ? [disk, archive] : [disk];
  const index = store.recordings;
  const library = new RecordingLibrary({ storages, box: secrets, wrappedKeyOf: wrappedKeyOf(index) });
  const manifest = await store.openManifest(secrets);
  for (const { message } of await endFaultsOf(manifest)) alarms.raise(manifestAlarm(message));
  const onMoveFailed = (path: string, reason: string): void => alarms.raise(moveFailedAlarm(path, reason));
  const keeper = new RecordingKeeper({ index, manifest, disk, archive, clock, log, onMoveFailed });
  const housekeeping = new Housekeeping({
    clock,
    log,
    jobs: [() => keeper.keepEnded(), () => keeper.moveKept()],
    rareJobs: [
      () => rewrapKeys({ index, box: secrets, log }),
      () =>
        deleteExpired({
          ...{ index, manifest, storages, clock, log },
          audit: store.audit,
          retentionDays: config.retentionDays,
        }),
    ],
  });
  const diskWatch = new DiskWatch({ dir: recordingsDir, ...config, alarms, clock, log });
  let unwatch = (): void => undefined;
  return {
    library,
    archive: {
      get: (recordingId) => index.get(recordingId),
      list: (filter) => index.list(filter),
      setHold: (recordingId, hold) => index.setHold(recordingId, hold),
      setHeard: (recordingId, heard) => index.setHeard(recordingId, heard),
      verify: (part) => verifyRecordings({ manifest, index, storages }, part),
      manifest: (limit, part) => manifest.list(limit, part),
    },
    async saved(interaction) {
      if (interaction.recordings.length === 0) return;
      await index.observe(interaction).catch((error: unknown) => {
        log.error({ interactionId: interaction._id, reason: messageOf(error) }, 'a recording is not in the index');
      });
      if (interaction.endedAtMs !== undefined) housekeeping.hurry();
    },
    watch(media) {
      unwatch = media.onEvent((event) => {
        if (event.type === 'recording-failed') alarms.raise(failedRecordingAlarm(event.recordingId, event));
      });
    },
    start() {
      housekeeping.start();
      diskWatch.start();
    },
    async close() {
      unwatch();
      diskWatch.close();
      await housekeeping.close();
    },
  };
};
