/** Calls that were open when the app ended without saying so are closed in the history, with a clear outcome. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../base/log';
import type { Interaction, RecordingEntry } from '../store/interaction';
import type { Store } from '../store/connect';

/** 8000 bytes a second and channel, two channels: G.711 as the recorder writes it. */
const RECORDING_BYTES_PER_SECOND = 16_000;

export interface InterruptedCallsDeps {
  readonly store: Store;
  readonly recordingsDir: string;
  readonly log: Logger;
}

export const closeInterruptedCalls = async ({ store, recordingsDir, log }: InterruptedCallsDeps): Promise<void> => {
  for (const interaction of await store.interactions.listOpen()) {
    const recordings = await Promise.all(interaction.recordings.map((entry) => measured(recordingsDir, entry)));
    await store.interactions.save(closed({ ...interaction, recordings }));
    log.warn({ interactionId: interaction._id }, 'a call that was interrupted is closed in the history');
  }
};

/** The last moment of which there is a trace. */
const lastTraceMs = (interaction: Interaction): number =>
  Math.max(
    interaction.startedAtMs,
    ...interaction.segments.map((segment) => segment.endedAtMs ?? segment.startedAtMs),
    ...interaction.recordings.map((recording) => recording.startedAtMs + recording.durationMs),
  );

const closed = (interaction: Interaction): Interaction => {
  const endedAtMs = lastTraceMs(interaction);
  return {
    ...interaction,
    endedAtMs: interaction.endedAtMs ?? endedAtMs,
    outcome: interaction.outcome ?? { result: 'failed', reason: 'app-interrupted', party: 'system' },
    segments: interaction.segments.map((segment) => ({ ...segment, endedAtMs: segment.endedAtMs ?? endedAtMs })),
    parties: interaction.parties.map((party) => ({ ...party, leftAtMs: party.leftAtMs ?? endedAtMs })),
  };
};

/** How long a recording is that nobody stopped is what its file says. */
const measured = async (recordingsDir: string, entry: RecordingEntry): Promise<RecordingEntry> => {
  if (entry.durationMs > 0) return entry;
  const file = await stat(join(recordingsDir, entry.path)).catch(() => undefined);
  if (!file) return entry;
  return { ...entry, sizeBytes: file.size, durationMs: Math.round((file.size / RECORDING_BYTES_PER_SECOND) * 1000) };
};
