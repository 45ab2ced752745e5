import type { Interaction } from '../interaction';
import { MongoRecordingIndex } from '../recordings/recording-index';
import type { Migration } from './migration';

/** Recordings get an index of their own; those from before are put into it. */
export const indexRecordings: Migration = {
  number: 6,
  name: 'an index of recordings',
  async up(db) {
    await db.collection('recordings').createIndexes([
      { key: { startedAtMs: -1, _id: -1 }, name: 'newest' },
      { key: { agentIds: 1, startedAtMs: -1, _id: -1 }, name: 'agent_newest' },
      { key: { partyIds: 1, startedAtMs: -1, _id: -1 }, name: 'party_newest' },
      { key: { queueId: 1, startedAtMs: -1, _id: -1 }, name: 'queue_newest' },
      { key: { trunkId: 1, startedAtMs: -1, _id: -1 }, name: 'trunk_newest' },
      { key: { state: 1, startedAtMs: 1, _id: 1 }, name: 'state_oldest' },
      { key: { expiresAtMs: 1 }, name: 'expiry', sparse: true },
    ]);
    await db.collection('recordingManifest').createIndexes([{ key: { recordingId: 1 }, name: 'recording' }]);
    const index = new MongoRecordingIndex(db);
    const recorded = db.collection<Interaction>('interactions').find({ 'recordings.0': { $exists: true } });
    for await (const interaction of recorded) await index.observe(interaction);
  },
};
