import type { Migration } from './migration';

/** Whether the manifest knows a file is asked by its name. */
export const indexRecordingKeys: Migration = {
  number: 7,
  name: 'files of recordings by their names',
  async up(db) {
    await db.collection('recordingManifest').createIndexes([{ key: { key: 1 }, name: 'key' }]);
  },
};
